using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayMapi;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

/// <summary>An account with the test keys of the vectors, and somebody who plays Alipay.</summary>
internal static class AlipayMapiFixture
{
    public const string Partner = "2088000000000002";
    public const string SellerEmail = "seller@example.com";
    public const string OutTradeNo = "PX20260101000001";

    public static readonly DateTimeOffset Now = new(2026, 12, 31, 4, 0, 2, TimeSpan.Zero);

    public static string Md5Key => VectorFile.Key("alipay_mapi_md5_key");

    public static JsonObject Form(string signType = "MD5") => signType == "MD5"
        ? new() { ["partner"] = Partner, ["seller_email"] = SellerEmail, ["sign_type"] = "MD5", ["key"] = Md5Key }
        : new()
        {
            ["partner"] = Partner,
            ["seller_email"] = SellerEmail,
            ["sign_type"] = "RSA",
            ["private_key"] = VectorFile.Key("alipay_app.private_pem"),
            ["alipay_public_key"] = VectorFile.Key("alipay.public_pem"),
        };

    public static AlipayMapiSignature Signature(string signType = "MD5") => AlipayMapiSignature.Of(Form(signType));

    public static IConfirmingChannel Open(string signType = "MD5", MapiStub? stub = null, JsonObject? form = null, DateTimeOffset? now = null)
    {
        var definition = new AlipayMapiDefinition();
        var valid = Assert.IsType<ChannelFormResult.Valid>(definition.Read(form ?? Form(signType)));
        return Assert.IsAssignableFrom<IConfirmingChannel>(definition.Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, new Uri("https://mapi.alipay.com/"), valid.Normalised,
            new HttpClient(stub ?? MapiStub.Silent), new MapiTime(now ?? Now))));
    }

    public static RawNotification Post(byte[] body, string contentType = "application/x-www-form-urlencoded; charset=utf-8", string method = "POST") =>
        new(Guid.Empty, "alipay-mapi", method, "/notify/alipay-mapi/x", "", new Dictionary<string, string> { ["content-type"] = contentType }, body, Now, "127.0.0.1");

    /// <summary>The fields of a genuine payment notification, unsigned.</summary>
    public static Dictionary<string, string> Paid(params ReadOnlySpan<(string Name, string Value)> changes)
    {
        var fields = new Dictionary<string, string>
        {
            ["notify_type"] = "trade_status_sync",
            ["notify_id"] = "RqPnCoPT3K9%2Fvwbh3I%2BFioE227",
            ["out_trade_no"] = OutTradeNo,
            ["trade_no"] = "2026010122001",
            ["trade_status"] = "TRADE_SUCCESS",
            ["total_fee"] = "123.40",
            ["seller_id"] = Partner,
            ["seller_email"] = SellerEmail,
            ["buyer_id"] = "2088602315385429",
            ["buyer_email"] = "someone@example.com",
            ["gmt_payment"] = "2026-12-31 12:00:01",
            ["subject"] = "测试 商品",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return fields;
    }

    /// <summary>A body that Alipay signed, in UTF-8 unless another charset is given.</summary>
    public static byte[] Signed(IReadOnlyDictionary<string, string> fields, string signType = "MD5", Encoding? charset = null)
    {
        charset ??= Encoding.UTF8;
        var all = new Dictionary<string, string>(fields) { ["sign"] = Sign(charset.GetBytes(Text(fields)), signType), ["sign_type"] = signType };
        return Encoding.ASCII.GetBytes(string.Join('&', all.Select(field =>
            $"{field.Key}={string.Concat(charset.GetBytes(field.Value).Select(value => $"%{value:X2}"))}")));
    }

    /// <summary>The text as Alipay's documents tell it, written a second time, apart from the product.</summary>
    public static string Text(IReadOnlyDictionary<string, string> fields) => string.Join('&', fields
        .Where(field => field.Key is not ("sign" or "sign_type") && field.Value.Length > 0)
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => $"{field.Key}={field.Value}"));

    public static string Sign(byte[] text, string signType = "MD5", string key = "alipay.private_pem")
    {
        if (signType == "MD5")
        {
            return Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, [.. text, .. Encoding.ASCII.GetBytes(Md5Key)]));
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(VectorFile.Key(key));
        return Convert.ToBase64String(rsa.SignData(text, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
    }

    /// <summary>An answer about a trade, signed.</summary>
    public static string Answer(IReadOnlyDictionary<string, string> trade, string signType = "MD5", string? sign = null) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <alipay><is_success>T</is_success><request><param name="service">single_trade_query</param></request>
        <response><trade>{string.Concat(trade.Select(field => $"<{field.Key}>{WebUtility.HtmlEncode(field.Value)}</{field.Key}>"))}</trade></response>
        <sign>{sign ?? Sign(Encoding.UTF8.GetBytes(Text(trade)), signType)}</sign><sign_type>{signType}</sign_type></alipay>
        """;

    public static Dictionary<string, string> Trade(string status, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var trade = new Dictionary<string, string>
        {
            ["out_trade_no"] = OutTradeNo,
            ["trade_no"] = "2026010122001",
            ["trade_status"] = status,
            ["total_fee"] = "123.40",
            ["seller_id"] = Partner,
            ["subject"] = "A&B <c>",
        };
        foreach (var (name, value) in more)
        {
            trade[name] = value;
        }

        return trade;
    }

    public static VerifiedNotification Accepted(Verification verification) => Assert.IsType<Verification.Accepted>(verification).Notification;
}

/// <summary>Stands in Alipay's place and keeps what it was asked.</summary>
internal sealed class MapiStub(Func<Uri, string> answer) : HttpMessageHandler
{
    public static MapiStub Silent => new(_ => throw new HttpRequestException("No call was expected."));

    public List<Uri> Calls { get; } = [];

    public static MapiStub Saying(string body) => new(_ => body);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = request.RequestUri ?? throw new InvalidOperationException();
        Calls.Add(address);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(address), Encoding.UTF8, "text/html") });
    }
}

internal sealed class MapiTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
