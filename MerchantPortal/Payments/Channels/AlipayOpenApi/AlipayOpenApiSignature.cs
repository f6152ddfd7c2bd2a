using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>What Alipay signs, and whether it did. RSA2 only: RSA with SHA-256, PKCS#1 v1.5.</summary>
internal static class AlipayOpenApiSignature
{
    public const string Algorithm = "RSA2";

    /// <summary>Room for the signature of a 4096-bit key.</summary>
    public const int MaxBytes = 512;

    /// <summary>The signed bytes of a notification: all fields but <c>sign</c> and <c>sign_type</c>, sorted by byte, as they were sent.</summary>
    /// <param name="keepEmpty">Alipay's own kits keep empty values in the text; a good part of its servers leaves them out.</param>
    /// <param name="withSignType">Payments never sign <c>sign_type</c>; some messages of other kinds do.</param>
    public static byte[] NotificationText(IEnumerable<RawField> fields, bool keepEmpty, bool withSignType = false) =>
        Join(fields
            .Where(field => field.Name != AlipayWire.Sign && (withSignType || field.Name != AlipayWire.SignType))
            .Where(field => keepEmpty || field.ValueBytes.Length > 0)
            .Order(ByteOrder.Instance));

    /// <summary>Whether the signature covers the form's text in this shape.</summary>
    public static bool Verify(KeptKey key, RawForm form, SignedShape shape, ReadOnlySpan<byte> signature)
    {
        var text = ArrayPool<byte>.Shared.Rent(SignedShape.MaxLength(form));
        try
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            var length = shape.Write(form, text);
            SHA256.HashData(text.AsSpan(0, length), hash);
            return key.Verify(hash, signature);
        }
        finally
        {
            // It holds the payer's id.
            ArrayPool<byte>.Shared.Return(text, clearArray: true);
        }
    }

    public static byte[] Join(IEnumerable<RawField> fields)
    {
        using var text = new MemoryStream();
        foreach (var field in fields)
        {
            if (text.Length > 0)
            {
                text.WriteByte((byte)'&');
            }

            text.Write(field.NameBytes);
            text.WriteByte((byte)'=');
            text.Write(field.ValueBytes);
        }

        return text.ToArray();
    }

    /// <summary>The signed text of a request: here <c>sign_type</c> is included, and empty values never are.</summary>
    public static string RequestText(IReadOnlyDictionary<string, string> fields) =>
        string.Join('&', fields
            .Where(field => field.Key != AlipayWire.Sign && field.Value.Length > 0)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}={field.Value}"));

    public static string Sign(KeptKey key, string text) => Convert.ToBase64String(key.Sign(Encoding.UTF8.GetBytes(text)));

    public static bool Verify(KeptKey key, ReadOnlySpan<byte> text, byte[] signature) => key.Verify(SHA256.HashData(text), signature);

    /// <summary>Canonical base64 only; the framework's decoder would skip blanks.</summary>
    /// <param name="signature">Room for <see cref="MaxBytes"/>; longer ones are refused.</param>
    public static bool TryReadBase64(ReadOnlySpan<byte> text, Span<byte> signature, out int length)
    {
        Span<byte> again = stackalloc byte[(MaxBytes + 2) / 3 * 4];
        return Base64.DecodeFromUtf8(text, signature, out _, out length) == OperationStatus.Done
            && Base64.EncodeToUtf8(signature[..length], again, out _, out var written) == OperationStatus.Done
            && again[..written].SequenceEqual(text);
    }

    /// <summary>Canonical base64 only; the framework's decoder would skip blanks.</summary>
    /// <returns>Null when the text is anything else, or empty.</returns>
    public static byte[]? ReadBase64(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length % 4 != 0)
        {
            return null;
        }

        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }

    private sealed class ByteOrder : IComparer<RawField>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(RawField? x, RawField? y) =>
            (x is null ? default(ReadOnlySpan<byte>) : x.NameBytes).SequenceCompareTo(y is null ? default(ReadOnlySpan<byte>) : y.NameBytes);
    }
}
