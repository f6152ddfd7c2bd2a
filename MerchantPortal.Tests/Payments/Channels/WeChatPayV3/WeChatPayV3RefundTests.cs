using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>What is asked of WeChat Pay to give money back, and what each answer is taken for.</summary>
public sealed class WeChatPayV3RefundTests
{
    private static readonly RefundRequest Request = new(
        OutTradeNo, "42000020261798689600", "20261231RF", 500, 12340, "破损", new Uri("https://pay.example.com/notify/wechat-v3/1"));

    [Fact]
    public async Task A_refund_is_asked_for_by_the_payments_own_number()
    {
        var stub = WeChatStub.Saying(Refund("PROCESSING").ToJsonString());

        Assert.Equal(new RefundResult.Processing("5030"), await Channel(stub).RefundAsync(Request, CancellationToken.None));

        var (request, body) = Assert.Single(stub.Calls);
        Assert.Equal("POST https://api.mch.weixin.qq.com/v3/refund/domestic/refunds", $"{request.Method} {request.RequestUri}");
        Assert.Equal(
            """{"transaction_id":"42000020261798689600","out_refund_no":"20261231RF","reason":"破损","notify_url":"https://pay.example.com/notify/wechat-v3/1","amount":{"refund":500,"total":12340,"currency":"CNY"}}""",
            JsonNode.Parse(body)?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("ABNORMAL", NotificationKind.RefundAbnormal)]
    [InlineData("CLOSED", NotificationKind.RefundClosed)]
    public async Task An_end_is_told_in_the_form_of_a_notification(string status, NotificationKind kind)
    {
        var told = Assert.IsType<RefundResult.Told>(await Channel(WeChatStub.Saying(Refund(status).ToJsonString())).QueryRefundAsync(Request, CancellationToken.None)).Notification;

        Assert.Equal((kind, NotificationSource.Query, OutTradeNo, 12340), (told.Kind, told.Source, told.OutTradeNo, told.Amount));
        Assert.Equal(new RefundFact("20261231RF", "5030", 500, null), told.Refund);
    }

    [Theory]
    [InlineData(403, "NOT_ENOUGH", typeof(RefundResult.Postponed))]
    [InlineData(403, "USER_ACCOUNT_ABNORMAL", typeof(RefundResult.Refused))]
    [InlineData(400, "INVALID_REQUEST", typeof(RefundResult.Refused))]
    [InlineData(429, "FREQUENCY_LIMITED", typeof(RefundResult.Unknown))]
    [InlineData(500, "SYSTEM_ERROR", typeof(RefundResult.Unknown))]
    [InlineData(502, "", typeof(RefundResult.Unknown))]
    [InlineData(200, "unsigned", typeof(RefundResult.Unknown))]
    [InlineData(204, "", typeof(RefundResult.Unknown))]
    [InlineData(302, "", typeof(RefundResult.Unknown))]
    public async Task An_answer_is_taken_for_no_more_than_it_proves(int status, string code, Type result)
    {
        var body = status == 200 ? Refund("SUCCESS").ToJsonString() : code.Length == 0 ? "<html>" : new JsonObject { ["code"] = code, ["message"] = "…" }.ToJsonString();

        Assert.IsType(result, await Channel(new WeChatStub(_ => WeChatStub.Unsigned(body, status))).RefundAsync(Request, CancellationToken.None));
    }

    [Fact]
    public async Task A_number_that_stands_for_another_refund_is_refused_and_an_unknown_one_is_not_found()
    {
        var other = Refund("SUCCESS");
        other["amount"]!["refund"] = 501;
        Assert.Equal(RefundFailures.NumberTaken, Assert.IsType<RefundResult.Refused>(await Channel(WeChatStub.Saying(other.ToJsonString())).QueryRefundAsync(Request, CancellationToken.None)).Code);

        var none = new WeChatStub(_ => WeChatStub.Unsigned("""{"code":"RESOURCE_NOT_EXISTS","message":"退款单不存在"}""", 404));
        Assert.IsType<RefundResult.NotFound>(await Channel(none).QueryRefundAsync(Request, CancellationToken.None));
    }

    private static IRefundingChannel Channel(HttpMessageHandler stub) => Assert.IsAssignableFrom<IRefundingChannel>(Open(stub));

    private static JsonObject Refund(string status) => new()
    {
        ["refund_id"] = "5030",
        ["out_refund_no"] = "20261231RF",
        ["transaction_id"] = "42000020261798689600",
        ["out_trade_no"] = OutTradeNo,
        ["status"] = status,
        ["success_time"] = "2026-12-31T12:00:00+08:00",
        ["amount"] = new JsonObject { ["total"] = 12340, ["refund"] = 500, ["currency"] = "CNY" },
    };
}
