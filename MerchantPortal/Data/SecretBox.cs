using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Data;

/// <summary>
/// Seals secrets at rest with AES-256-GCM under a key derived per store from the master key, which lives outside the database.
/// The purpose is authenticated: a sealed value cannot be moved to another store or use.
/// </summary>
public sealed class SecretBox(MasterKey master)
{
    private const byte FormatVersion = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <returns>The same secret, sealed under the master key; null when it is already.</returns>
    /// <exception cref="SecretUnreadableException">No configured key opens it; it is left as it is.</exception>
    public byte[]? Renew(Guid storeId, string purpose, byte[] sealedBytes) =>
        TryOpen(master.Bytes, storeId, purpose, sealedBytes) is null ? Seal(storeId, purpose, Open(storeId, purpose, sealedBytes)) : null;

    /// <returns>version (1) | nonce (12) | tag (16) | ciphertext.</returns>
    public byte[] Seal(Guid storeId, string purpose, ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[1 + NonceSize + TagSize + plain.Length];
        sealedBytes[0] = FormatVersion;
        var nonce = sealedBytes.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(KeyOf(master.Bytes, storeId), TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(1 + NonceSize + TagSize), sealedBytes.AsSpan(1 + NonceSize, TagSize), Context(storeId, purpose));
        return sealedBytes;
    }

    /// <exception cref="SecretUnreadableException">Another master key, another store or purpose, or damaged bytes.</exception>
    public byte[] Open(Guid storeId, string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        var plain = TryOpen(master.Bytes, storeId, purpose, sealedBytes);
        foreach (var other in master.Others)
        {
            plain ??= TryOpen(other, storeId, purpose, sealedBytes);
        }

        return plain ?? throw new SecretUnreadableException(purpose);
    }

    private static byte[]? TryOpen(byte[] key, Guid storeId, string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < 1 + NonceSize + TagSize || sealedBytes[0] != FormatVersion)
        {
            return null;
        }

        var plain = new byte[sealedBytes.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(KeyOf(key, storeId), TagSize);
        try
        {
            aes.Decrypt(sealedBytes.Slice(1, NonceSize), sealedBytes[(1 + NonceSize + TagSize)..], sealedBytes.Slice(1 + NonceSize, TagSize), plain,
                Context(storeId, purpose));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return plain;
    }

    private static byte[] KeyOf(byte[] key, Guid storeId) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, outputLength: 32, salt: storeId.ToByteArray(), info: "merchant-portal/store"u8.ToArray());

    private static byte[] Context(Guid storeId, string purpose) => Encoding.UTF8.GetBytes($"{storeId:N}|{purpose}|{FormatVersion}");
}

public sealed class SecretUnreadableException(string purpose) : Exception(
    $"A stored secret ({purpose}) cannot be opened with this Portal:DataProtectionKey. Restore the key that was in use when it was saved.");
