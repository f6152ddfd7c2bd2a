using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

/// <summary>An account with the test key of the vectors, and somebody who plays WeChat Pay.</summary>
internal static class WeChatPayV2Fixture
{
    public const string AppId = "wxd678efh567hg6787";
    public const string MchId = "1900000109";
    public const string OutTradeNo = "PX20260101000001";

    public static readonly DateTimeOffset Now = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    public static string Key { get; } = VectorFile.Key("wechat_v2_key");

    public static JsonObject Form(string signType = "MD5", string? key = null, string mchId = MchId, string appId = AppId) => new()
    {
        ["mch_id"] = mchId,
        ["app_id"] = appId,
        ["key"] = key ?? Key,
        ["sign_type"] = signType,
    };

    public static IPaymentChannel Open(HttpMessageHandler? handler = null, string signType = "MD5", string? key = null) =>
        new WeChatPayV2Definition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, new Uri("https://api.mch.weixin.qq.com/"),
            Assert.IsType<ChannelFormResult.Valid>(new WeChatPayV2Definition().Read(Form(signType, key))).Normalised,
            new HttpClient(handler ?? new WeChatPayV2Stub(_ => throw new HttpRequestException("No call was expected."))), new FixedTime(Now)));

    public static RawNotification Post(byte[] body, string contentType = "text/xml", string method = "POST") =>
        new(Guid.Empty, "wechat-v2", method, "/notify/wechat-v2/x", "",
            new Dictionary<string, string> { ["content-type"] = contentType }, body, Now, "127.0.0.1");

    public static RawNotification Post(string body) => Post(Encoding.UTF8.GetBytes(body));

    /// <summary>The fields of a genuine payment notification, unsigned.</summary>
    public static Dictionary<string, string> Paid() => new()
    {
        ["appid"] = AppId,
        ["bank_type"] = "CFT",
        ["cash_fee"] = "12340",
        ["fee_type"] = "CNY",
        ["is_subscribe"] = "N",
        ["mch_id"] = MchId,
        ["nonce_str"] = "5d2b6c2a8db53831f7eda20af46e531c",
        ["openid"] = "oUpF8uMEb4qRXf22hE3X68TekukE",
        ["out_trade_no"] = OutTradeNo,
        ["result_code"] = "SUCCESS",
        ["return_code"] = "SUCCESS",
        ["time_end"] = "20261231120000",
        ["total_fee"] = "12340",
        ["trade_type"] = "NATIVE",
        ["transaction_id"] = "42000020261798689600",
    };

    /// <summary>The inner fields of a genuine refund notification.</summary>
    public static Dictionary<string, string> Refunded() => new()
    {
        ["out_refund_no"] = "RF-1",
        ["out_trade_no"] = OutTradeNo,
        ["refund_fee"] = "2345",
        ["refund_id"] = "50000408942018111907145868882",
        ["refund_recv_accout"] = "支付用户零钱",
        ["refund_status"] = "SUCCESS",
        ["success_time"] = "2026-12-31 12:24:13",
        ["total_fee"] = "12340",
        ["transaction_id"] = "42000020261798689600",
    };

    public static string Signed(IReadOnlyDictionary<string, string> fields, string signType = "MD5", string? key = null) =>
        Xml(fields.Append(new("sign", Sign(fields, signType, key ?? Key))));

    /// <summary>The signature as WeChat's documents tell it, written a second time, apart from the product.</summary>
    public static string Sign(IEnumerable<KeyValuePair<string, string>> fields, string signType, string key)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('&', fields
            .Where(field => field.Key != "sign" && field.Value.Length > 0)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}={field.Value}")
            .Append($"key={key}")));
        return Convert.ToHexString(signType == "MD5" ? MD5.HashData(text) : HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), text));
    }

    public static string Xml(IEnumerable<KeyValuePair<string, string>> fields, string root = "xml") =>
        new XElement(root, fields.Select(field => new XElement(field.Key, field.Value))).ToString(SaveOptions.DisableFormatting);

    public static string RefundNotice(IEnumerable<KeyValuePair<string, string>> inner, string? key = null) =>
        RefundNotice(Seal(Encoding.UTF8.GetBytes(Xml(inner, "root")), key));

    public static string RefundNotice(byte[] sealedBytes) => Xml(
    [
        new("return_code", "SUCCESS"), new("appid", AppId), new("mch_id", MchId), new("nonce_str", "TeqClE3i0mvn3DrK"),
        new("req_info", Convert.ToBase64String(sealedBytes)),
    ]);

    public static byte[] Seal(byte[] plain, string? key = null)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(key ?? Key))));
        return aes.EncryptEcb(plain, PaddingMode.PKCS7);
    }

    public static VerifiedNotification Accepted(Verification verification) => Assert.IsType<Verification.Accepted>(verification).Notification;

    public static Verification.Rejected Rejected(Verification verification, string reason)
    {
        var rejected = Assert.IsType<Verification.Rejected>(verification);
        Assert.Equal((reason, false), (rejected.Reason, rejected.SignatureValid));
        return rejected;
    }

    public static CreatePayment Order(PaymentMethod method = PaymentMethod.Native) => new(
        OutTradeNo, 12340, "测试商品 A", method, Now.AddMinutes(30), new Uri("https://pay.example.com/notify/wechat-v2/x"),
        new Uri("https://pay.example.com/pay/t/return"), "203.0.113.7", method == PaymentMethod.Jsapi ? "oUpF8uMEb4qRXf22hE3X68TekukE" : null);
}

/// <summary>Stands in WeChat Pay's place and keeps what it was sent.</summary>
internal sealed class WeChatPayV2Stub(Func<Dictionary<string, string>, string> answer) : HttpMessageHandler
{
    public List<(string Path, Dictionary<string, string> Fields)> Calls { get; } = [];

    /// <summary>A success with these fields beside the usual ones, signed.</summary>
    public static WeChatPayV2Stub Saying(Dictionary<string, string> fields, string signType = "MD5", string? key = null) => new(_ => Answer(fields, signType, key));

    public static string Answer(Dictionary<string, string> fields, string signType = "MD5", string? key = null) => WeChatPayV2Fixture.Signed(
        new Dictionary<string, string>
        {
            ["return_code"] = "SUCCESS",
            ["return_msg"] = "OK",
            ["appid"] = WeChatPayV2Fixture.AppId,
            ["mch_id"] = WeChatPayV2Fixture.MchId,
            ["nonce_str"] = "n",
            ["result_code"] = fields.ContainsKey("err_code") ? "FAIL" : "SUCCESS",
        }.Concat(fields).GroupBy(field => field.Key).ToDictionary(group => group.Key, group => group.Last().Value), signType, key);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = await (request.Content ?? new StringContent("")).ReadAsStringAsync(cancellationToken);
        var fields = XElement.Parse(body).Elements().ToDictionary(element => element.Name.LocalName, element => element.Value);
        Calls.Add((request.RequestUri?.AbsolutePath ?? "", fields));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(fields), Encoding.UTF8, "text/xml") };
    }
}
