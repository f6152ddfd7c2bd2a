using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

public sealed class AlipayMapiNotificationTests
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936) ?? throw new InvalidOperationException();

    [Theory]
    [InlineData("TRADE_SUCCESS", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_FINISHED", "", NotificationKind.PaymentSucceeded)]
    [InlineData("WAIT_BUYER_PAY", "", NotificationKind.PaymentPending)]
    [InlineData("TRADE_CLOSED", "REFUND_SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_SUCCESS", "REFUND_SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_CLOSED", "", NotificationKind.Unrecognized)]
    [InlineData("TRADE_PENDING", "", NotificationKind.Unrecognized)]
    [InlineData("trade_success", "", NotificationKind.Unrecognized)]
    public void Trade_status_means(string status, string refundStatus, NotificationKind kind) =>
        Assert.Equal(kind, Receive(("trade_status", status), ("refund_status", refundStatus)).Kind);

    [Fact]
    public void Trade_closed_without_a_payment_is_closed_unpaid() =>
        Assert.Equal(NotificationKind.PaymentClosed, Receive(("trade_status", "TRADE_CLOSED"), ("gmt_payment", ""), ("gmt_close", "2026-12-31 12:00:01")).Kind);

    [Fact]
    public void Refund_in_full_tells_its_sum_and_a_part_does_not()
    {
        Assert.Equal(new RefundFact(null, null, null, 12340), Receive(("trade_status", "TRADE_CLOSED"), ("refund_status", "REFUND_SUCCESS")).Refund);
        Assert.Equal(new RefundFact(null, null, null, null), Receive(("refund_status", "REFUND_SUCCESS")).Refund);
    }

    [Theory]
    [InlineData(AlipayMapiFixture.Partner, "other@example.com", AlipayMapiFixture.Partner)]
    [InlineData("2088000000009999", AlipayMapiFixture.SellerEmail, "2088000000009999")]
    [InlineData("", AlipayMapiFixture.SellerEmail, AlipayMapiFixture.Partner)]
    [InlineData("", "other@example.com", "")]
    [InlineData("", "", "")]
    public void Seller_is_told_by_number_or_else_by_account(string sellerId, string sellerEmail, string merchant) =>
        Assert.Equal(merchant, Receive(("seller_id", sellerId), ("seller_email", sellerEmail)).MerchantId);

    [Fact]
    public void Empty_seller_email_is_no_ones()
    {
        var form = AlipayMapiFixture.Form();
        form.Remove("seller_email");
        var body = AlipayMapiFixture.Signed(AlipayMapiFixture.Paid(("seller_id", ""), ("seller_email", "")));

        Assert.Equal("", AlipayMapiFixture.Accepted(AlipayMapiFixture.Open(form: form).Verify(AlipayMapiFixture.Post(body))).MerchantId);
    }

    [Fact]
    public void Message_of_another_kind_is_genuine_but_not_a_payment() =>
        Assert.Equal(NotificationKind.Unrecognized, Receive(("notify_type", "batch_refund_notify")).Kind);

    [Theory]
    [InlineData("MD5", "_input_charset", "GBK", "application/x-www-form-urlencoded")]
    [InlineData("RSA", "_input_charset", "gb2312", "application/x-www-form-urlencoded")]
    [InlineData("MD5", "charset", "GBK", "application/x-www-form-urlencoded")]
    [InlineData("MD5", "body", "长沙", "application/x-www-form-urlencoded; charset=GBK")]
    [InlineData("MD5", "_input_charset", "GBK", "application/x-www-form-urlencoded; charset=utf-8")]
    public void Gbk_is_verified_over_its_own_bytes(string signType, string field, string value, string contentType)
    {
        var body = AlipayMapiFixture.Signed(AlipayMapiFixture.Paid((field, value)), signType, Gbk);

        var verification = AlipayMapiFixture.Open(signType).Verify(AlipayMapiFixture.Post(body, contentType));

        Assert.Equal(AlipayMapiFixture.OutTradeNo, AlipayMapiFixture.Accepted(verification).OutTradeNo);
        var shown = Assert.Single(verification.Trace, step => step.Step == TraceSteps.SignedText).Values?["text"];
        Assert.Contains("subject=测试 商品", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MD5", "RSA", RejectionReasons.UnsupportedAlgorithm)]
    [InlineData("RSA", "MD5", RejectionReasons.UnsupportedAlgorithm)]
    public void Algorithm_is_the_accounts_and_never_the_messages(string account, string message, string reason)
    {
        var rejected = Assert.IsType<Verification.Rejected>(
            AlipayMapiFixture.Open(account).Verify(AlipayMapiFixture.Post(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid(), message))));

        Assert.Equal((reason, false), (rejected.Reason, rejected.SignatureValid));
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { Body(text => $"{text}&key="), "glued_by_key" },
        { Body(text => text.Replace("&subject=", "&sign_type=MD5&subject=", StringComparison.Ordinal)), "sign_type_included" },
        { Body(text => string.Join('&', text.Split('&').Reverse())), "unexplained" },
        { Encoding.ASCII.GetString(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid(), "RSA")).Replace("=%52%53%41", "=%4D%44%35", StringComparison.Ordinal), "other_algorithm" },
        { Encoding.ASCII.GetString(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid())).Replace("=%4D%44%35", "=%52%53%41", StringComparison.Ordinal), "sign_type" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Usual_mistake_is_named_and_stays_refused(string body, string cause)
    {
        var rejected = Assert.IsType<Verification.Rejected>(AlipayMapiFixture.Open().Verify(AlipayMapiFixture.Post(Encoding.ASCII.GetBytes(body))));

        Assert.False(rejected.SignatureValid);
        Assert.Equal(cause, rejected.Trace[^1].Values?["cause"]);
    }

    [Fact]
    public void Own_key_instead_of_alipays_is_recognised()
    {
        var fields = AlipayMapiFixture.Paid();
        var sign = AlipayMapiFixture.Sign(Encoding.UTF8.GetBytes(AlipayMapiFixture.Text(fields)), "RSA", "alipay_app.private_pem");
        var body = string.Join('&', fields.Append(new("sign", sign)).Append(new("sign_type", "RSA")).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));

        var rejected = Assert.IsType<Verification.Rejected>(AlipayMapiFixture.Open("RSA").Verify(AlipayMapiFixture.Post(Encoding.ASCII.GetBytes(body))));

        Assert.Equal("own_key", rejected.Trace[^1].Values?["cause"]);
    }

    [Fact]
    public void Trace_names_every_step_and_shows_no_payer()
    {
        var trace = AlipayMapiFixture.Open().Verify(AlipayMapiFixture.Post(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid()))).Trace;

        Assert.Equal(
            [TraceSteps.Received, TraceSteps.Headers, TraceSteps.KeyChosen, TraceSteps.SignedText, TraceSteps.Signature, TraceSteps.Parse],
            trace.Select(step => step.Step));
        var shown = string.Join('\n', trace.SelectMany(step => step.Values ?? new Dictionary<string, string>()).Select(pair => pair.Value));
        Assert.Contains("buyer_id=****5429&", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("2088602315385429", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("someone", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(AlipayMapiFixture.Md5Key, shown, StringComparison.Ordinal);
    }

    private static string Body(Func<string, string> retell)
    {
        var fields = AlipayMapiFixture.Paid();
        var sign = AlipayMapiFixture.Sign(Encoding.UTF8.GetBytes(retell(AlipayMapiFixture.Text(fields))));
        return string.Join('&', fields.Append(new("sign", sign)).Append(new("sign_type", "MD5")).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
    }

    private static VerifiedNotification Receive(params (string Name, string Value)[] changes) =>
        AlipayMapiFixture.Accepted(AlipayMapiFixture.Open().Verify(AlipayMapiFixture.Post(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid(changes)))));
}
