using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>What a genuine notification means.</summary>
public sealed class AlipayNotificationTests
{
    private static readonly IPaymentChannel Channel = AlipayFixture.Open();

    [Theory]
    [InlineData("WAIT_BUYER_PAY", "", "", "", NotificationKind.PaymentPending)]
    [InlineData("TRADE_SUCCESS", "", "", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_SUCCESS", "0.00", "", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_SUCCESS", "23.45", "2026-12-31 13:00:00.123", "RF1", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_SUCCESS", "23.45", "", "", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_SUCCESS", "", "2026-12-31 13:00:00.123", "RF1", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_SUCCESS", "1e2", "", "", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_FINISHED", "", "", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_FINISHED", "23.45", "2026-12-31 13:00:00.123", "RF1", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_CLOSED", "123.40", "2026-12-31 13:00:00.123", "RF1", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_PENDING", "", "", "", NotificationKind.Unrecognized)]
    [InlineData("trade_success", "", "", "", NotificationKind.Unrecognized)]
    [InlineData("TRADE_SUCCESS ", "", "", "", NotificationKind.Unrecognized)]
    [InlineData("", "", "", "", NotificationKind.Unrecognized)]
    public void Trade_status_means(string status, string refundFee, string gmtRefund, string outBizNo, NotificationKind kind)
    {
        var message = Receive(("trade_status", status), ("refund_fee", refundFee), ("gmt_refund", gmtRefund), ("out_biz_no", outBizNo));

        Assert.Equal(kind, message.Kind);
        Assert.Equal(kind == NotificationKind.RefundSucceeded, message.Refund is not null);
    }

    [Fact]
    public void Closed_without_payment_or_refund_is_unpaid()
    {
        var message = Receive(("trade_status", "TRADE_CLOSED"), ("gmt_payment", ""), ("gmt_close", "2026-12-31 14:00:00"));

        Assert.Equal(NotificationKind.PaymentClosed, message.Kind);
        Assert.Equal(new DateTimeOffset(2026, 12, 31, 6, 0, 0, TimeSpan.Zero), message.OccurredAt);
    }

    [Fact]
    public void Closed_with_a_payment_but_no_refund_contradicts_itself() =>
        Assert.Equal(NotificationKind.Unrecognized, Receive(("trade_status", "TRADE_CLOSED")).Kind);

    [Fact]
    public void Payment_is_read_whole()
    {
        var message = Receive();

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = NotificationKind.PaymentSucceeded,
                Source = NotificationSource.Notification,
                MessageId = "2026n1",
                OutTradeNo = AlipayFixture.OutTradeNo,
                ChannelTransactionId = "2026123122001468450512505578",
                Amount = 12340,
                Currency = null,
                AppId = AlipayFixture.AppId,
                MerchantId = AlipayFixture.SellerId,
                OccurredAt = new DateTimeOffset(2026, 12, 31, 4, 0, 1, TimeSpan.Zero),
                PayerMasked = "****8455",
            },
            message);
    }

    [Fact]
    public void Refund_tells_the_sum_so_far_and_our_number()
    {
        var message = Receive(("refund_fee", "23.45"), ("gmt_refund", "2026-12-31 13:00:00.123"), ("out_biz_no", "RF1"));

        Assert.Equal(new RefundFact("RF1", null, null, 2345), message.Refund);
        Assert.Equal(12340, message.Amount);
        Assert.Equal(new DateTimeOffset(2026, 12, 31, 5, 0, 0, 123, TimeSpan.Zero), message.OccurredAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1e2")]
    [InlineData("1,000.00")]
    [InlineData("-123.40")]
    [InlineData("123.400")]
    [InlineData(" 123.40")]
    public void Amount_that_is_not_exact_is_no_amount(string text) => Assert.Null(Receive(("total_amount", text)).Amount);

    [Fact]
    public void Missing_identity_is_empty_and_missing_numbers_are_null()
    {
        var message = Receive(("app_id", ""), ("seller_id", ""), ("out_trade_no", ""), ("trade_no", ""), ("buyer_id", ""), ("gmt_payment", "yesterday"));

        Assert.Equal(("", ""), (message.AppId, message.MerchantId));
        Assert.Null(message.OutTradeNo);
        Assert.Null(message.ChannelTransactionId);
        Assert.Null(message.PayerMasked);
        Assert.Null(message.OccurredAt);
    }

    [Fact]
    public void Open_id_stands_in_for_the_buyer_id() =>
        Assert.Equal("****cdef", Receive(("buyer_id", ""), ("buyer_open_id", "0123456789abcdef")).PayerMasked);

    [Fact]
    public void Message_of_another_kind_is_genuine_but_not_a_payment()
    {
        var fields = AlipayFixture.Paid();
        fields["notify_type"] = "servicemarket_order_notify";

        Assert.Equal(NotificationKind.Unrecognized, AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(AlipayFixture.Signed(fields)))).Kind);
    }

    [Fact]
    public void Empty_values_may_be_in_the_signed_text_or_not()
    {
        var fields = AlipayFixture.Paid();
        var withoutEmpty = AlipayFixture.Sign(System.Text.Encoding.UTF8.GetBytes(AlipayFixture.Text(fields)));
        fields["body"] = "";

        AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))));
        AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(AlipayFixture.Body(fields, withoutEmpty))));
    }

    [Fact]
    public void Trace_names_every_step_and_shows_no_payer()
    {
        var fields = AlipayFixture.Paid();
        fields["buyer_logon_id"] = "someone@example.com";
        fields["buyer_open_id"] = "open-id-of-the-buyer";

        var trace = Channel.Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))).Trace;

        Assert.Equal(
            [TraceSteps.Received, TraceSteps.Headers, TraceSteps.KeyChosen, TraceSteps.SignedText, TraceSteps.Signature, TraceSteps.Parse],
            trace.Select(step => step.Step));
        Assert.All(trace, step => Assert.True(step.Ok));
        var shown = string.Join('\n', trace.SelectMany(step => step.Values ?? new Dictionary<string, string>()).Select(pair => pair.Value));
        Assert.Contains("buyer_id=****8455&", shown, StringComparison.Ordinal);
        Assert.Contains("total_amount=123.40", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("2088102534368455", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("someone", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("open-id", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Trace_stays_short()
    {
        var fields = AlipayFixture.Paid();
        fields["body"] = new string('长', 9000);

        var step = Channel.Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))).Trace.Single(step => step.Step == TraceSteps.SignedText);

        Assert.InRange(step.Values?["text"].Length ?? 0, 1, 4001);
    }

    private static VerifiedNotification Receive(params (string Name, string Value)[] changes)
    {
        var fields = AlipayFixture.Paid();
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))));
    }
}
