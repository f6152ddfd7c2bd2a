using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

/// <summary>The second check: notify_verify while the notify_id lives, the trade itself afterwards.</summary>
public sealed class AlipayMapiConfirmationTests
{
    private const string NotFound = "<alipay><is_success>F</is_success><error>TRADE_NOT_EXIST</error></alipay>";

    [Theory]
    [InlineData("true", typeof(Confirmation.Confirmed))]
    [InlineData("false", typeof(Confirmation.Refuted))]
    [InlineData("invalid", typeof(Confirmation.Unclear))]
    [InlineData("", typeof(Confirmation.Unclear))]
    [InlineData("TRUE", typeof(Confirmation.Unclear))]
    [InlineData("true, but not really", typeof(Confirmation.Unclear))]
    public async Task Word_of_notify_verify_means(string word, Type confirmation)
    {
        var stub = MapiStub.Saying(word);

        Assert.IsType(confirmation, await ConfirmAsync(stub, TimeSpan.Zero));

        var asked = QueryHelpers.ParseQuery(Assert.Single(stub.Calls).Query);
        Assert.Equal(
            ("notify_verify", AlipayMapiFixture.Partner, "RqPnCoPT3K9%2Fvwbh3I%2BFioE227"),
            (asked["service"].ToString(), asked["partner"].ToString(), asked["notify_id"].ToString()));
    }

    [Fact]
    public async Task Silence_is_unclear() => Assert.IsType<Confirmation.Unclear>(await ConfirmAsync(MapiStub.Silent, TimeSpan.Zero));

    [Theory]
    [InlineData("TRADE_SUCCESS", "123.40", "2026010122001", typeof(Confirmation.Confirmed))]
    [InlineData("TRADE_FINISHED", "123.40", "2026010122001", typeof(Confirmation.Confirmed))]
    [InlineData("WAIT_BUYER_PAY", "123.40", "2026010122001", typeof(Confirmation.Refuted))]
    [InlineData("TRADE_SUCCESS", "0.01", "2026010122001", typeof(Confirmation.Refuted))]
    [InlineData("TRADE_SUCCESS", "123.40", "2026010122002", typeof(Confirmation.Refuted))]
    public async Task Message_of_more_than_a_minute_ago_is_compared_with_the_trade(string status, string total, string tradeNo, Type confirmation)
    {
        var stub = MapiStub.Saying(AlipayMapiFixture.Answer(AlipayMapiFixture.Trade(status, ("total_fee", total), ("trade_no", tradeNo))));

        Assert.IsType(confirmation, await ConfirmAsync(stub, TimeSpan.FromMinutes(2)));

        Assert.Equal("single_trade_query", QueryHelpers.ParseQuery(Assert.Single(stub.Calls).Query)["service"].ToString());
    }

    [Fact]
    public async Task Payment_that_was_given_back_since_is_still_true()
    {
        var stub = MapiStub.Saying(AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_CLOSED", ("refund_status", "REFUND_SUCCESS"))));

        Assert.IsType<Confirmation.Confirmed>(await ConfirmAsync(stub, TimeSpan.FromDays(30)));
    }

    [Fact]
    public async Task Old_message_of_a_trade_that_nobody_knows_is_refuted() =>
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(MapiStub.Saying(NotFound), TimeSpan.FromMinutes(2)));

    [Fact]
    public async Task Old_message_waits_while_the_gateway_does_not_tell() =>
        Assert.IsType<Confirmation.Unclear>(await ConfirmAsync(MapiStub.Saying("busy"), TimeSpan.FromMinutes(2)));

    [Theory]
    [InlineData(NotificationKind.PaymentSucceeded, true)]
    [InlineData(NotificationKind.RefundSucceeded, true)]
    [InlineData(NotificationKind.PaymentClosed, true)]
    [InlineData(NotificationKind.PaymentPending, false)]
    [InlineData(NotificationKind.Unrecognized, false)]
    public void Message_that_moves_something_needs_confirmation(NotificationKind kind, bool needed) =>
        Assert.Equal(needed, AlipayMapiFixture.Open().NeedsConfirmation(new VerifiedNotification { Kind = kind, Source = NotificationSource.Notification }));

    private static async Task<Confirmation> ConfirmAsync(MapiStub stub, TimeSpan age)
    {
        var channel = AlipayMapiFixture.Open(stub: stub, now: AlipayMapiFixture.Now + age);
        var raw = AlipayMapiFixture.Post(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid()));
        return await channel.ConfirmAsync(raw, AlipayMapiFixture.Accepted(channel.Verify(raw)), CancellationToken.None);
    }
}
