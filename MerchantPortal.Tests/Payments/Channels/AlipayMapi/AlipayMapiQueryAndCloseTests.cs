using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

/// <summary>Only a signed answer about our own number tells of money.</summary>
public sealed class AlipayMapiQueryAndCloseTests
{
    [Theory]
    [InlineData("MD5")]
    [InlineData("RSA")]
    public async Task Paid_trade_is_the_same_fact_as_a_notification(string signType)
    {
        var stub = MapiStub.Saying(AlipayMapiFixture.Answer(
            AlipayMapiFixture.Trade("TRADE_SUCCESS", ("gmt_payment", "2026-12-31 12:00:01"), ("buyer_id", "2088602315385429")), signType));

        var known = Assert.IsType<QueryResult.Known>(await AlipayMapiFixture.Open(signType, stub).QueryAsync(AlipayMapiFixture.OutTradeNo, CancellationToken.None));

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = NotificationKind.PaymentSucceeded,
                Source = NotificationSource.Query,
                OutTradeNo = AlipayMapiFixture.OutTradeNo,
                ChannelTransactionId = "2026010122001",
                Amount = 12340,
                MerchantId = AlipayMapiFixture.Partner,
                OccurredAt = new DateTimeOffset(2026, 12, 31, 4, 0, 1, TimeSpan.Zero),
                PayerMasked = "****5429",
            },
            known.Notification);
        var asked = QueryHelpers.ParseQuery(Assert.Single(stub.Calls).Query).ToDictionary(field => field.Key, field => field.Value.ToString());
        Assert.Equal(("single_trade_query", AlipayMapiFixture.OutTradeNo, signType), (asked["service"], asked["out_trade_no"], asked["sign_type"]));
        Assert.Equal(AlipayMapiFixture.Sign(Encoding.UTF8.GetBytes(AlipayMapiFixture.Text(asked)), signType, "alipay_app.private_pem"), asked["sign"]);
    }

    [Theory]
    [InlineData("WAIT_BUYER_PAY", "", NotificationKind.PaymentPending)]
    [InlineData("TRADE_FINISHED", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_CLOSED", "", NotificationKind.PaymentClosed)]
    [InlineData("TRADE_CLOSED", "REFUND_SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_SUCCESS", "REFUND_SUCCESS", NotificationKind.PaymentSucceeded)]
    public async Task Trade_status_means(string status, string refundStatus, NotificationKind kind)
    {
        var message = Assert.IsType<QueryResult.Known>(await QueryAsync(AlipayMapiFixture.Answer(
            AlipayMapiFixture.Trade(status, ("refund_status", refundStatus))))).Notification;

        Assert.Equal(kind, message.Kind);
        Assert.Equal(kind == NotificationKind.RefundSucceeded ? new RefundFact(null, null, null, 12340) : null, message.Refund);
    }

    [Theory]
    [InlineData("TRADE_NOT_EXIST")]
    [InlineData("TRADE_IS_NOT_EXIST")]
    public async Task Trade_that_nobody_opened_is_not_found(string error) =>
        Assert.IsType<QueryResult.NotFound>(await QueryAsync($"<alipay><is_success>F</is_success><error>{error}</error></alipay>"));

    public static TheoryData<string> Worthless => new()
    {
        "",
        "true",
        "<html>busy</html>",
        "<alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error></alipay>",
        "<alipay><is_success>T</is_success></alipay>",
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS"), sign: ""),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS"), sign: new string('0', 32)),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS"), "RSA"),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS", ("out_trade_no", "ANOTHER"))),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_PENDING")),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS")).Replace("123.40", "0.01", StringComparison.Ordinal),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("WAIT_BUYER_PAY")).Replace("</trade>", "<trade_status>TRADE_SUCCESS</trade_status></trade>", StringComparison.Ordinal),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS")).Replace("</response>", "<trade></trade></response>", StringComparison.Ordinal),
        AlipayMapiFixture.Answer(AlipayMapiFixture.Trade("TRADE_SUCCESS")).Replace("<alipay>", "<!DOCTYPE alipay [<!ENTITY x \"y\">]><alipay>", StringComparison.Ordinal),
    };

    [Theory]
    [MemberData(nameof(Worthless))]
    public async Task Answer_that_proves_nothing_is_unknown(string body) => Assert.IsType<QueryResult.Unknown>(await QueryAsync(body));

    [Fact]
    public async Task Gateway_that_cannot_be_reached_is_unknown() =>
        Assert.IsType<QueryResult.Unknown>(await AlipayMapiFixture.Open().QueryAsync(AlipayMapiFixture.OutTradeNo, CancellationToken.None));

    [Fact]
    public async Task Close_names_our_number_as_the_interface_calls_it()
    {
        var stub = MapiStub.Saying("\r\n<?xml version=\"1.0\" encoding=\"utf-8\"?><alipay><is_success>T</is_success></alipay>");

        Assert.IsType<CloseResult.Closed>(await AlipayMapiFixture.Open(stub: stub).CloseAsync(AlipayMapiFixture.OutTradeNo, CancellationToken.None));

        var asked = QueryHelpers.ParseQuery(Assert.Single(stub.Calls).Query);
        Assert.Equal(("close_trade", AlipayMapiFixture.OutTradeNo), (asked["service"].ToString(), asked["out_order_no"].ToString()));
    }

    [Theory]
    [InlineData("<alipay><is_success>F</is_success><error>TRADE_NOT_EXIST</error></alipay>", typeof(CloseResult.NotFound))]
    [InlineData("<alipay><is_success>F</is_success><error>TRADE_STATUS_NOT_AVAILD</error></alipay>", typeof(CloseResult.Unknown))]
    [InlineData("<alipay></alipay>", typeof(CloseResult.Unknown))]
    [InlineData("busy", typeof(CloseResult.Unknown))]
    public async Task Close_is_answered_as(string body, Type result) =>
        Assert.IsType(result, await AlipayMapiFixture.Open(stub: MapiStub.Saying(body)).CloseAsync(AlipayMapiFixture.OutTradeNo, CancellationToken.None));

    private static Task<QueryResult> QueryAsync(string body) =>
        AlipayMapiFixture.Open(stub: MapiStub.Saying(body)).QueryAsync(AlipayMapiFixture.OutTradeNo, CancellationToken.None);
}
