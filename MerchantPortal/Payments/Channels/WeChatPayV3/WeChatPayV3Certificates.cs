using System.Text;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// Reads the answer of <c>GET /v3/certificates</c>. An account that has a key already believes only an answer that is signed by one of
/// its keys. The first time there is none, and WeChat's own rule applies: each certificate is sealed with the account's APIv3 key, which
/// nobody but the merchant and WeChat has, and the answer must be signed by one of the certificates that it brings. The certificates
/// are issued by WeChat's private authority (Tenpay.com Root CA), which no system trusts, so that the chain proves nothing more.
/// See https://pay.weixin.qq.com/doc/v3/merchant/4012551764.
/// </summary>
internal static class WeChatPayV3Certificates
{
    internal const string Path = "v3/certificates";

    /// <summary>More than ever live at once; a longer answer is none of WeChat's.</summary>
    private const int MaxCertificates = 20;

    internal static KeyDownload Read(WeChatPayV3Reply reply, WeChatPayV3Keys keys, DateTimeOffset now)
    {
        if (keys.IsAnyAlive(now))
        {
            return reply.Judge(serial => keys.Find(serial, now), now) switch
            {
                WeChatPayV3Answer.Signed => Open(reply, keys),
                var other => Failure(other),
            };
        }

        return reply.Status != StatusCodes.Status200OK ? Failure(reply.Judge(_ => null, now)) : Open(reply, keys) switch
        {
            KeyDownload.Downloaded downloaded when !IsSignedByOneOf(downloaded, reply, keys, now) =>
                new KeyDownload.Failed("The certificates are sealed well, but the answer that brought them is not signed by one of them."),
            var opened => opened,
        };
    }

    private static bool IsSignedByOneOf(KeyDownload.Downloaded downloaded, WeChatPayV3Reply reply, WeChatPayV3Keys keys, DateTimeOffset now)
    {
        var brought = new WeChatPayV3Keys(keys, downloaded.Certificates);
        return reply.Judge(serial => brought.Find(serial, now), now) is WeChatPayV3Answer.Signed;
    }

    private static KeyDownload.Failed Failure(WeChatPayV3Answer answer) => new(answer switch
    {
        WeChatPayV3Answer.Refused refused => refused.Summary,
        WeChatPayV3Answer.Unknown unknown => unknown.Reason,
        _ => "The answer is no list of certificates.",
    });

    private static KeyDownload Open(WeChatPayV3Reply reply, WeChatPayV3Keys keys)
    {
        var sealedOnes = WeChatPayV3Reader.Read(reply.Body, json =>
            json.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().Select(CertificateMessage.Read).ToList() : null);
        if (sealedOnes is not { Count: > 0 and <= MaxCertificates })
        {
            return new KeyDownload.Failed("The answer is no list of certificates.");
        }

        var certificates = sealedOnes.Select(one => one is null ? null : Open(one, keys)).ToList();
        return certificates.Contains(null)
            ? new KeyDownload.Failed("A certificate does not open with this account's APIv3 key, or is not what it is called.")
            : new KeyDownload.Downloaded([.. certificates.OfType<PlatformCertificate>()]);
    }

    private static PlatformCertificate? Open(CertificateMessage message, WeChatPayV3Keys keys)
    {
        var plaintext = new byte[Math.Max(0, message.Ciphertext.Length - WeChatPayV3Resource.TagLength)];
        return message.Algorithm == WeChatPayV3Resource.Algorithm
            && WeChatPayV3Resource.Open(
                keys.ApiV3Key, Encoding.UTF8.GetBytes(message.Nonce), Encoding.UTF8.GetBytes(message.AssociatedData), message.Ciphertext, plaintext) is null
            && KeyText.ReadPublicKey(Encoding.UTF8.GetString(plaintext)) is KeyReadResult.Readable { Certificate: { } facts } key
            && string.Equals(WeChatPayV3Keys.Normal(message.SerialNo), facts.Serial, StringComparison.OrdinalIgnoreCase)
            ? new(facts.Serial, facts.Pem, key.Fingerprint, facts.NotBefore, facts.NotAfter)
            : null;
    }
}
