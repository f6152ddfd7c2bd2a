using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// Says why a signature may have failed, by trying the usual mistakes until one makes it fit. It never changes the verdict and runs
/// on failures only.
/// </summary>
internal static class WeChatPayV3Diagnosis
{
    private const string Unexplained = "No usual mistake explains it: the message is not from WeChat Pay, or it was changed on the way.";

    /// <param name="reason">What the message was refused for.</param>
    internal static TraceStep Explain(WeChatPayV3Keys keys, WeChatPayV3Headers headers, RawNotification raw, string reason) =>
        new(TraceSteps.Diagnosis, false, headers.IsProbe
            ? "This is WeChat Pay's own probe, which sends a wrong signature to see that it is refused. Nothing to do: the real message follows."
            : Mistake(keys, headers, raw, reason));

    private static string Mistake(WeChatPayV3Keys keys, WeChatPayV3Headers headers, RawNotification raw, string reason)
    {
        if (Decode(headers.Signature) is not { } signature)
        {
            return "The signature is not base64: it was cut or changed on the way.";
        }

        var named = keys.Find(headers.Serial, raw.ReceivedAt);
        return (named is null ? null : RightKeyAndText(named, headers, raw, signature, reason))
            ?? WrongKey(keys, headers, raw.Body.Span, signature, reason)
            ?? (named is null ? null : WrongText(named, headers, raw, signature))
            ?? Unexplained;
    }

    private static string? RightKeyAndText(KeptKey key, WeChatPayV3Headers headers, RawNotification raw, byte[] signature, string reason) =>
        !key.Verify(Hash(headers.Timestamp, headers.Nonce, raw.Body.Span), signature) ? null
        : reason == RejectionReasons.Stale
            ? "The signature is genuine: the message was held up or sent a second time, or this server's clock is wrong (check its time synchronisation)."
            : "The signature fits once its base64 text is mended: something on the way changes the header (blanks, or URL-safe letters).";

    private static string? WrongKey(WeChatPayV3Keys keys, WeChatPayV3Headers headers, ReadOnlySpan<byte> body, byte[] signature, string reason)
    {
        var hash = Hash(headers.Timestamp, headers.Nonce, body);
        foreach (var (serial, key) in keys.Platform)
        {
            if (!string.Equals(serial, WeChatPayV3Keys.Normal(headers.Serial), StringComparison.OrdinalIgnoreCase) && key.Key.Verify(hash, signature))
            {
                return $"The signature is genuine, but the key that fits is stored under the serial {serial}: correct the serials of this account's platform keys.";
            }
        }

        if (keys.Merchant.Verify(hash, signature))
        {
            return "It was signed with the merchant's own private key, not by WeChat Pay: a merchant certificate is no platform certificate.";
        }

        return reason != RejectionReasons.UnknownKey ? null
            : keys.DownloadsKeys ? "WeChat Pay may have changed its key: the new one is being downloaded, and WeChat Pay sends the message again."
            : "WeChat Pay may have changed its key: add the public key or certificate with this serial to the account, then verify again.";
    }

    private static string? WrongText(KeptKey key, WeChatPayV3Headers headers, RawNotification raw, byte[] signature)
    {
        var body = raw.Body.ToArray();
        if (key.Verify(Hash(headers.Nonce, headers.Timestamp, body), signature))
        {
            return "It fits with timestamp and nonce exchanged: the sender builds the signed text in the wrong order.";
        }

        foreach (var (mistake, variant) in WeChatPayV3BodyVariants.Of(body))
        {
            if (key.Verify(Hash(headers.Timestamp, headers.Nonce, variant), signature))
            {
                return mistake;
            }
        }

        return raw.Header("content-encoding") is { Length: > 0 } encoding and not "identity"
            ? $"The body arrived encoded as {(encoding.Length > 20 ? "something unusual" : encoding)}: something between WeChat Pay and the portal compresses it. Switch that off."
            : null;
    }

    private static byte[] Hash(string first, string second, ReadOnlySpan<byte> body)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        WeChatPayV3Signature.HashOf(first, second, body, hash);
        return hash;
    }

    /// <summary>Reads base64 leniently: blanks and the URL-safe alphabet are forgiven here, and only here.</summary>
    private static byte[]? Decode(string text)
    {
        var plain = new StringBuilder(text).Replace('-', '+').Replace('_', '/').Replace(" ", "").Append('=', (4 - (text.Replace(" ", "", StringComparison.Ordinal).Length % 4)) % 4);
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain.ToString(), bytes, out var length) ? bytes[..length] : null;
    }
}
