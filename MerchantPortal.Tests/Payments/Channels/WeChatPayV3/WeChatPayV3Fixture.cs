using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>An account with the test keys of the vectors, and somebody who plays WeChat Pay.</summary>
internal static class WeChatPayV3Fixture
{
    public const string MchId = "1900000109";
    public const string AppId = "wxd678efh567hg6787";
    public const string OutTradeNo = "PX20260101000001";

    /// <summary>The clock of the vectors.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1798689600);

    public static string PublicKeyId => VectorFile.Key("v3_platform.public_key_id");

    /// <summary>The account in the middle of a switch: the public key and two certificates at once.</summary>
    public static JsonObject Form() => new()
    {
        ["mch_id"] = MchId,
        ["app_id"] = AppId,
        ["merchant_serial"] = VectorFile.Key("v3_merchant.serial"),
        ["merchant_private_key"] = VectorFile.Key("v3_merchant.private_pem"),
        ["api_v3_key"] = VectorFile.Key("v3_apiv3_key"),
        ["platform_keys"] = new JsonArray(
            new JsonObject { ["serial"] = VectorFile.Key("v3_platform.cert_serial"), ["certificate"] = VectorFile.Key("v3_platform.cert_pem") },
            new JsonObject { ["serial"] = VectorFile.Key("v3_platform_2.cert_serial"), ["certificate"] = VectorFile.Key("v3_platform_2.cert_pem") },
            new JsonObject { ["serial"] = PublicKeyId, ["public_key"] = VectorFile.Key("v3_platform.public_pem") }),
    };

    public static JsonObject Ring(params IEnumerable<(string Serial, string PublicPem)> keys)
    {
        var form = Form();
        form["platform_keys"] = new JsonArray([.. keys.Select(key => new JsonObject { ["serial"] = key.Serial, ["public_key"] = key.PublicPem })]);
        return form;
    }

    public static JsonObject Normalised(JsonObject form) =>
        Assert.IsType<ChannelFormResult.Valid>(new WeChatPayV3Definition().Read(form)).Normalised;

    public static IPaymentChannel Open(HttpMessageHandler? handler = null, JsonObject? form = null, TimeProvider? time = null, string baseUrl = "https://api.mch.weixin.qq.com") =>
        new WeChatPayV3Definition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, new Uri(baseUrl), Normalised(form ?? Form()),
            new HttpClient(handler ?? new WeChatStub(_ => throw new HttpRequestException("No call was expected."))), time ?? new FakeTimeProvider(Now)));

    public static RawNotification Post(byte[] body, IReadOnlyDictionary<string, string> headers, DateTimeOffset? receivedAt = null) =>
        new(Guid.Empty, "wechat-v3", "POST", "/notify/wechat-v3/x", "", headers, body, receivedAt ?? Now, "127.0.0.1");

    /// <summary>A message that the gateway signed, with a JSON body in the usual form.</summary>
    public static RawNotification Signed(string body, string? serial = null, string key = "v3_platform.private_pem") =>
        Post(Encoding.UTF8.GetBytes(body), Headers(Encoding.UTF8.GetBytes(body), serial, key));

    public static Dictionary<string, string> Headers(byte[] body, string? serial = null, string key = "v3_platform.private_pem", DateTimeOffset? at = null)
    {
        var timestamp = (at ?? Now).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        const string nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
        return new()
        {
            ["wechatpay-timestamp"] = timestamp,
            ["wechatpay-nonce"] = nonce,
            ["wechatpay-serial"] = serial ?? PublicKeyId,
            ["wechatpay-signature"] = Sign([.. Encoding.ASCII.GetBytes($"{timestamp}\n{nonce}\n"), .. body, (byte)'\n'], key),
            ["wechatpay-signature-type"] = "WECHATPAY2-SHA256-RSA2048",
        };
    }

    public static string Sign(byte[] text, string key = "v3_platform.private_pem")
    {
        using var rsa = Rsa(VectorFile.Key(key));
        return Convert.ToBase64String(rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>A notification's body around any content.</summary>
    public static string Envelope(string content, string eventType = "TRANSACTION.SUCCESS", string originalType = "transaction", string nonce = "0123456789ab")
    {
        var plain = Encoding.UTF8.GetBytes(content);
        var sealedText = new byte[plain.Length + 16];
        using var aes = new AesGcm(Encoding.ASCII.GetBytes(VectorFile.Key("v3_apiv3_key")), 16);
        aes.Encrypt(Encoding.ASCII.GetBytes(nonce), plain, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length), Encoding.UTF8.GetBytes(originalType));
        return new JsonObject
        {
            ["id"] = "EV-1",
            ["event_type"] = eventType,
            ["resource"] = new JsonObject
            {
                ["original_type"] = originalType,
                ["algorithm"] = "AEAD_AES_256_GCM",
                ["ciphertext"] = Convert.ToBase64String(sealedText),
                ["associated_data"] = originalType,
                ["nonce"] = nonce,
            },
        }.ToJsonString();
    }

    /// <summary>A transaction as the gateway tells it.</summary>
    public static JsonObject Transaction(string state = "SUCCESS") => new()
    {
        ["mchid"] = MchId,
        ["appid"] = AppId,
        ["out_trade_no"] = OutTradeNo,
        ["transaction_id"] = "42000020261798689600",
        ["trade_type"] = "NATIVE",
        ["trade_state"] = state,
        ["success_time"] = "2026-12-31T12:00:00+08:00",
        ["payer"] = new JsonObject { ["openid"] = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        ["amount"] = new JsonObject { ["total"] = 12340, ["payer_total"] = 12340, ["currency"] = "CNY", ["payer_currency"] = "CNY" },
    };

    public static RSA Rsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    public static Verification.Rejected Rejected(Verification verification, string reason, bool signatureValid = false)
    {
        var rejected = Assert.IsType<Verification.Rejected>(verification);
        Assert.Equal((reason, signatureValid), (rejected.Reason, rejected.SignatureValid));
        return rejected;
    }

    public static VerifiedNotification Accepted(Verification verification) => Assert.IsType<Verification.Accepted>(verification).Notification;
}

/// <summary>Stands in WeChat Pay's place and keeps what it was sent.</summary>
internal sealed class WeChatStub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<(HttpRequestMessage Request, byte[] Body)> Calls { get; } = [];

    /// <summary>Answers with a right signature, unless <paramref name="change"/> spoils something.</summary>
    public static WeChatStub Saying(string body, int status = 200, Action<HttpResponseMessage>? change = null) => new(_ => Signed(body, status, change));

    public static HttpResponseMessage Signed(string body, int status = 200, Action<HttpResponseMessage>? change = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var response = Unsigned(body, status);
        foreach (var (name, value) in WeChatPayV3Fixture.Headers(bytes))
        {
            response.Headers.Add(name, value);
        }

        change?.Invoke(response);
        return response;
    }

    public static HttpResponseMessage Unsigned(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Add((request, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken)));
        return answer(request);
    }
}
