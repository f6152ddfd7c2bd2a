using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels;

/// <summary>Makes values safe to show.</summary>
public static class Mask
{
    /// <summary>All but the last four characters; shorter values vanish whole. Null stays null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(payerId))]
    public static string? Payer(string? payerId) =>
        payerId is null ? null : payerId.Length <= 8 ? "****" : $"****{payerId[^4..]}";

    /// <summary>First 16 hex digits of SHA-256: names a key without telling anything of it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData(key))[..16];
}
