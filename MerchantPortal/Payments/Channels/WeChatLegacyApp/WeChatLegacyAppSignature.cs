using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>The package with its MD5 sign, and the SHA-1 that WeChat calls app_signature.</summary>
internal static class WeChatLegacyAppSignature
{
    public const string Method = "sha1";

    private const string AppKey = "appkey";

    /// <summary>The order's data as one text: signed over the raw values, then percent-encoded, in the order of the names' bytes.</summary>
    /// <param name="fields">Empty ones are left out.</param>
    public static string Package(IReadOnlyDictionary<string, string> fields, KeyedDigest partner)
    {
        var encoded = fields.ToDictionary(field => field.Key, field => Uri.EscapeDataString(field.Value), StringComparer.Ordinal);
        return $"{SortedFields.Text(encoded)}&sign={partner.Sign(SortedFields.Text(fields))}";
    }

    /// <summary>SHA-1, lower case, over the raw values and the paySignKey among them, which is never sent.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol's own.")]
    public static string Sign(IEnumerable<KeyValuePair<string, string>> fields, string paySignKey) => Convert.ToHexStringLower(
        SHA1.HashData(Encoding.UTF8.GetBytes(SortedFields.Text(fields.Append(new(AppKey, paySignKey))))));

    /// <param name="signature">As it was sent. Missing or empty is never right.</param>
    public static bool Verify(IEnumerable<KeyValuePair<string, string>> fields, string paySignKey, string? signature) =>
        !string.IsNullOrEmpty(signature) && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Sign(fields, paySignKey)), Encoding.UTF8.GetBytes(signature));

    /// <summary>The signed bytes of a notification: all fields of its address that are not empty, but <c>sign</c>, as they were sent.</summary>
    /// <param name="keepEmpty">Never right; for telling a mistake.</param>
    public static byte[] NotificationText(IEnumerable<RawField> fields, bool keepEmpty = false)
    {
        using var text = new MemoryStream();
        foreach (var field in fields.Where(field => field.Name != WeChatLegacyAppWire.Sign && (keepEmpty || field.ValueBytes.Length > 0))
            .OrderBy(field => field.Name, Comparer<string>.Create(SortedFields.CompareBytes)))
        {
            text.Write(text.Length > 0 ? "&"u8 : []);
            text.Write(field.NameBytes);
            text.WriteByte((byte)'=');
            text.Write(field.ValueBytes);
        }

        return text.ToArray();
    }
}
