using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// The texts that are signed, and the signature over them: RSA-SHA256, PKCS#1 v1.5, base64. Pure.
/// </summary>
internal static class WeChatPayV3Signature
{
    internal const string Type = "WECHATPAY2-SHA256-RSA2048";

    /// <summary>Room for the signature of a 4096-bit key, and for its base64 text.</summary>
    internal const int MaxBytes = 512;

    private const int MaxChars = 684;

    /// <summary>Checks the gateway's signature over timestamp, nonce and body, each ended by a line feed.</summary>
    internal static bool IsValid(KeptKey key, WeChatPayV3Headers headers, ReadOnlySpan<byte> body)
    {
        Span<byte> signature = stackalloc byte[MaxBytes];
        if (!TryDecode(headers.Signature, signature, out var length))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashOf(headers.Timestamp, headers.Nonce, body, hash);
        return key.Verify(hash, signature[..length]);
    }

    /// <summary>Canonical base64 only: the framework alone would skip blanks inside the text.</summary>
    internal static bool TryDecode(string text, Span<byte> signature, out int length)
    {
        length = 0;
        Span<char> again = stackalloc char[MaxChars];
        return text.Length <= MaxChars
            && Convert.TryFromBase64String(text, signature, out length)
            && Convert.TryToBase64Chars(signature[..length], again, out var written)
            && again[..written].SequenceEqual(text);
    }

    /// <summary>The text of a request: method, path with query as on the wire, seconds, nonce, body, each ended by a line feed.</summary>
    internal static byte[] RequestText(string method, string pathAndQuery, string timestamp, string nonce, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{method}\n{pathAndQuery}\n{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];

    /// <summary>The text that lets a payer's page or app open the till.</summary>
    /// <param name="prepay">The page's whole <c>package</c>, or the app's bare <c>prepayid</c>.</param>
    internal static byte[] PromptText(string appId, string timestamp, string nonce, string prepay) =>
        Encoding.UTF8.GetBytes($"{appId}\n{timestamp}\n{nonce}\n{prepay}\n");

    /// <summary>The parameter of the <c>Authorization</c> header; its scheme is <see cref="Type"/>.</summary>
    internal static string Authorization(string merchantId, string serial, string timestamp, string nonce, ReadOnlySpan<byte> signature) =>
        $"mchid=\"{merchantId}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",serial_no=\"{serial}\",signature=\"{Convert.ToBase64String(signature)}\"";

    internal static void HashOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var text = ArrayPool<byte>.Shared.Rent(first.Length + second.Length + body.Length + 3);
        var length = Append(text, 0, first);
        length = Append(text, length, second);
        body.CopyTo(text.AsSpan(length));
        length += body.Length;
        text[length++] = (byte)'\n';
        SHA256.HashData(text.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(text);
    }

    /// <summary>Writes a line; headers that hold anything but ASCII are refused before they come here.</summary>
    private static int Append(Span<byte> text, int length, ReadOnlySpan<char> line)
    {
        length += Encoding.ASCII.GetBytes(line, text[length..]);
        text[length] = (byte)'\n';
        return length + 1;
    }
}
