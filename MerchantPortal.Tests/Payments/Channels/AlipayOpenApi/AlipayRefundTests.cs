using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;
using static MerchantPortal.Tests.Payments.Channels.AlipayOpenApi.AlipayFixture;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>What is asked of Alipay to give money back, and what each answer is taken for.</summary>
public sealed class AlipayRefundTests
{
    private const string Refund = "alipay.trade.refund";
    private const string Query = "alipay.trade.fastpay.refund.query";
    private const string TradeNo = "2026123122001468450512505578";

    private static readonly RefundRequest Request = new(
        OutTradeNo, TradeNo, "20261231RF", 510, 12340, "破损", new Uri("https://pay.example.com/notify/alipay/1"));

    [Theory]
    [InlineData("Y")]
    [InlineData("N")]
    public async Task The_query_says_whether_this_refund_has_moved_money(string change)
    {
        var stub = Stub(Accepted(change), Known("5.1"));

        var told = Assert.IsType<RefundResult.Told>(await Channel(stub).RefundAsync(Request, CancellationToken.None)).Notification;

        Assert.Equal((NotificationKind.RefundSucceeded, OutTradeNo, 12340), (told.Kind, told.OutTradeNo, told.Amount));
        Assert.Equal(new RefundFact("20261231RF", null, 510, null), told.Refund);
        var content = JsonNode.Parse(stub.Calls[0].Fields["biz_content"]);
        Assert.Equal((TradeNo, "5.10", "20261231RF"), ((string?)content?["trade_no"], (string?)content?["refund_amount"], (string?)content?["out_request_no"]));
        Assert.False(stub.Calls[0].Fields.ContainsKey("notify_url"));
    }

    [Fact]
    public async Task Accepted_and_not_shown_yet_is_waited_for() =>
        Assert.Equal(new RefundResult.Processing(null), await Channel(Stub(Accepted("N"), """{"code":"10000","msg":"Success"}""")).RefundAsync(Request, CancellationToken.None));

    [Theory]
    [InlineData("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", typeof(RefundResult.Postponed))]
    [InlineData("40004", "ACQ.DISCORDANT_REPEAT_REQUEST", typeof(RefundResult.Refused))]
    [InlineData("40004", "ACQ.TRADE_HAS_FINISHED", typeof(RefundResult.Refused))]
    [InlineData("40004", "ACQ.SYSTEM_ERROR", typeof(RefundResult.Unknown))]
    [InlineData("20000", "isp.unknow-error", typeof(RefundResult.Unknown))]
    public async Task An_answer_is_taken_for_no_more_than_it_proves(string code, string subCode, Type result) => Assert.IsType(
        result, await Channel(Stub($$"""{"code":"{{code}}","sub_code":"{{subCode}}","sub_msg":"…"}""", "{}")).RefundAsync(Request, CancellationToken.None));

    [Fact]
    public async Task Another_amount_under_the_number_is_not_this_refund()
    {
        Assert.Equal(RefundFailures.NumberTaken, Assert.IsType<RefundResult.Refused>(await Channel(Stub("{}", Known("5.11"))).QueryRefundAsync(Request, CancellationToken.None)).Code);
        Assert.IsType<RefundResult.NotFound>(await Channel(Stub("{}", """{"code":"10000","msg":"Success"}""")).QueryRefundAsync(Request, CancellationToken.None));
        Assert.IsType<RefundResult.Unknown>(await Channel(AlipayStub.Saying(Known("5.1"))).QueryRefundAsync(Request, CancellationToken.None));
        Assert.IsType<RefundResult.Unknown>(await Channel(AlipayStub.Saying("<html>", HttpStatusCode.BadGateway)).RefundAsync(Request, CancellationToken.None));
    }

    private static IRefundingChannel Channel(HttpMessageHandler stub) => Assert.IsAssignableFrom<IRefundingChannel>(Open(stub));

    private static string Accepted(string change) => $$"""{"code":"10000","msg":"Success","out_trade_no":"{{OutTradeNo}}","trade_no":"{{TradeNo}}","fund_change":"{{change}}","refund_fee":"9.99"}""";

    private static string Known(string amount) =>
        $$"""{"code":"10000","msg":"Success","out_trade_no":"{{OutTradeNo}}","trade_no":"{{TradeNo}}","out_request_no":"20261231RF","refund_amount":"{{amount}}","total_amount":"123.40","refund_status":"REFUND_SUCCESS"}""";

    private static AlipayStub Stub(string refund, string query) => new(fields => new HttpResponseMessage(HttpStatusCode.OK)
    {
        Content = new StringContent(Answer(fields["method"], fields["method"] == Refund ? refund : fields["method"] == Query ? query : "{}"), Encoding.UTF8, "text/html"),
    });
}
