using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>An account with the test keys of the vectors, and somebody who plays Alipay.</summary>
internal static class AlipayFixture
{
    public const string AppId = "2021000000000001";
    public const string SellerId = "2088000000000001";
    public const string OutTradeNo = "PX20260101000001";

    public static readonly DateTimeOffset Now = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    public static JsonObject Form(string? alipayPublicKey = null, string appId = AppId, string sellerId = SellerId) => new()
    {
        ["app_id"] = appId,
        ["seller_id"] = sellerId,
        ["app_private_key"] = VectorFile.Key("alipay_app.private_pem"),
        ["alipay_public_key"] = alipayPublicKey ?? VectorFile.Key("alipay.public_pem"),
    };

    public static JsonObject Normalised(JsonObject form) =>
        Assert.IsType<ChannelFormResult.Valid>(new AlipayOpenApiDefinition().Read(form)).Normalised;

    public static IPaymentChannel Open(
        HttpMessageHandler? handler = null, string? alipayPublicKey = null, string appId = AppId, string sellerId = SellerId,
        string baseUrl = "https://openapi.alipay.com/") =>
        new AlipayOpenApiDefinition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, new Uri(baseUrl), Normalised(Form(alipayPublicKey, appId, sellerId)),
            new HttpClient(handler ?? new AlipayStub(_ => throw new HttpRequestException("No call was expected."))), new FixedTime(Now)));

    public static RawNotification Post(byte[] body, string contentType = "application/x-www-form-urlencoded; charset=utf-8", string method = "POST", string query = "") =>
        new(Guid.Empty, "alipay", method, "/notify/alipay/x", query,
            new Dictionary<string, string> { ["content-type"] = contentType }, body, Now, "127.0.0.1");

    public static RawNotification Post(string body) => Post(Encoding.UTF8.GetBytes(body));

    /// <summary>The fields of a genuine payment notification, unsigned.</summary>
    public static Dictionary<string, string> Paid() => new()
    {
        ["notify_id"] = "2026n1",
        ["notify_type"] = "trade_status_sync",
        ["charset"] = "utf-8",
        ["version"] = "1.0",
        ["sign_type"] = "RSA2",
        ["app_id"] = AppId,
        ["seller_id"] = SellerId,
        ["buyer_id"] = "2088102534368455",
        ["trade_no"] = "2026123122001468450512505578",
        ["out_trade_no"] = OutTradeNo,
        ["trade_status"] = "TRADE_SUCCESS",
        ["total_amount"] = "123.40",
        ["gmt_payment"] = "2026-12-31 12:00:01",
        ["subject"] = "测试 商品",
        ["fund_bill_list"] = """[{"amount":"123.40","fundChannel":"ALIPAYACCOUNT"}]""",
    };

    /// <summary>A body that Alipay signed, as form bytes in UTF-8.</summary>
    public static byte[] Signed(IReadOnlyDictionary<string, string> fields, string key = "alipay.private_pem") =>
        Body(fields, Sign(Encoding.UTF8.GetBytes(Text(fields)), key));

    /// <summary>The text as Alipay's documents tell it, written a second time, apart from the product.</summary>
    public static string Text(IReadOnlyDictionary<string, string> fields) => string.Join('&', fields
        .Where(field => field.Key is not ("sign" or "sign_type"))
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => $"{field.Key}={field.Value}"));

    public static byte[] Body(IEnumerable<KeyValuePair<string, string>> fields, string sign) => Encoding.ASCII.GetBytes(string.Join('&', fields
        .Append(new("sign", sign))
        .Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value).Replace("%20", "+", StringComparison.Ordinal)}")));

    public static string Sign(byte[] text, string key = "alipay.private_pem", HashAlgorithmName? hash = null)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(VectorFile.Key(key));
        return Convert.ToBase64String(rsa.SignData(text, hash ?? HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>An answer as Alipay gives it: the object as text, signed.</summary>
    public static string Answer(string method, string content, string key = "alipay.private_pem") =>
        $$"""{"{{method.Replace('.', '_')}}_response":{{content}},"sign":"{{Sign(Encoding.UTF8.GetBytes(content), key)}}"}""";

    public static VerifiedNotification Accepted(Verification verification) => Assert.IsType<Verification.Accepted>(verification).Notification;
}

/// <summary>Stands in Alipay's place and keeps what it was sent.</summary>
internal sealed class AlipayStub(Func<Dictionary<string, string>, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<(Uri Address, Dictionary<string, string> Fields)> Calls { get; } = [];

    public static AlipayStub Saying(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(_ => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/html") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = await (request.Content ?? new StringContent("")).ReadAsStringAsync(cancellationToken);
        var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(
            pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]), StringComparer.Ordinal);
        Calls.Add((request.RequestUri ?? throw new InvalidOperationException(), fields));
        return answer(fields);
    }
}

internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
