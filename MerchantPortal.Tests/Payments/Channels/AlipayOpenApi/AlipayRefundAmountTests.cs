using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Tests.Payments.Channels.AlipayOpenApi.AlipayFixture;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>A message of a refund tells a sum; how much of it this refund is, is asked for by its number.</summary>
public sealed class AlipayRefundAmountTests
{
    private const string TradeNo = "2026123122001468450512505578";
    private const string Untold = """{"code":"10000","msg":"Success"}""";

    private static readonly TimeSpan Old = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_amount_is_what_alipay_says_of_the_number()
    {
        var stub = Saying(Told());
        var claimed = Refund();

        var confirmed = Assert.IsType<Confirmation.Confirmed>(await AskAsync(stub, claimed, TimeSpan.Zero));

        Assert.Equal(claimed with { Refund = new RefundFact("CONSOLE-1", null, 510, 999) }, confirmed.Completed);
        var (_, fields) = Assert.Single(stub.Calls);
        var content = JsonNode.Parse(fields["biz_content"]);
        Assert.Equal(("alipay.trade.fastpay.refund.query", TradeNo, "CONSOLE-1"), (fields["method"], (string?)content?["trade_no"], (string?)content?["out_request_no"]));
    }

    public static TheoryData<string> Unclear { get; } = new(
        Untold, Told(status: "REFUND_FAIL"), Told(number: "CONSOLE-2"), Told(trade: "2026"), Told(amount: "5.101"), """{"code":"20000","sub_code":"isp.unknow-error"}""",
        """{"code":"40006","sub_code":"isv.insufficient-isv-permissions"}""");

    /// <summary>Waits at first; what cannot be asked about for ten minutes is left to the sum.</summary>
    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task What_alipay_does_not_tell_is_waited_for_and_then_left_open(string answer)
    {
        Assert.IsType<Confirmation.Unclear>(await AskAsync(Saying(answer), Refund(), Old - TimeSpan.FromSeconds(1)));
        Assert.Null(Assert.IsType<Confirmation.Confirmed>(await AskAsync(Saying(answer), Refund(), Old)).Completed);
    }

    [Fact]
    public async Task An_answer_that_is_not_signed_tells_nothing() =>
        Assert.IsType<Confirmation.Unclear>(await AskAsync(AlipayStub.Saying(Told()), Refund(), TimeSpan.Zero));

    [Fact]
    public void Nothing_is_asked_about_a_payment_nor_about_a_refund_without_a_number()
    {
        var channel = Assert.IsAssignableFrom<IConfirmingChannel>(Open());

        Assert.True(channel.NeedsConfirmation(Refund()));
        Assert.False(channel.NeedsConfirmation(Refund(number: null)));
        Assert.False(channel.NeedsConfirmation(Accepted(channel.Verify(Post(Signed(Paid()))))));
    }

    private static Task<Confirmation> AskAsync(AlipayStub stub, VerifiedNotification claimed, TimeSpan age) => Assert.IsAssignableFrom<IConfirmingChannel>(Open(stub))
        .ConfirmAsync(Post("") with { ReceivedAt = Now - age }, claimed, CancellationToken.None);

    private static VerifiedNotification Refund(string? number = "CONSOLE-1")
    {
        var fields = new Dictionary<string, string>(Paid()) { ["refund_fee"] = "9.99", ["gmt_refund"] = "2026-12-31 12:30:00.123" };
        if (number is not null)
        {
            fields["out_biz_no"] = number;
        }

        return Accepted(Open().Verify(Post(Signed(fields))));
    }

    private static AlipayStub Saying(string answer) => new(fields => new HttpResponseMessage(HttpStatusCode.OK)
    {
        Content = new StringContent(Answer(fields["method"], answer), Encoding.UTF8, "text/html"),
    });

    private static string Told(string number = "CONSOLE-1", string trade = TradeNo, string status = "REFUND_SUCCESS", string amount = "5.10") =>
        $$"""{"code":"10000","msg":"Success","out_trade_no":"{{OutTradeNo}}","trade_no":"{{trade}}","out_request_no":"{{number}}","refund_amount":"{{amount}}","total_amount":"123.40","refund_status":"{{status}}"}""";
}
