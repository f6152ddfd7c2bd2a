using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

public sealed class BeeCloudPaymentWebhookTests
{
    [Fact]
    public void A_genuine_message_is_read_from_its_signed_fields()
    {
        var accepted = Assert.IsType<Verification.Accepted>(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid())));

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = NotificationKind.PaymentSucceeded,
                Source = NotificationSource.Notification,
                OutTradeNo = BeeCloudFixture.BillNo,
                ChannelTransactionId = "4200",
                Amount = 12_340,
                AppId = BeeCloudFixture.AppId,
            },
            accepted.Notification);
        Assert.DoesNotContain(accepted.Trace, step => step.Values?.Values.Any(value => value.Contains(BeeCloudFixture.MasterSecret, StringComparison.Ordinal)) == true);
    }

    [Theory]
    [InlineData("12340.0")]
    [InlineData("1234e1")]
    [InlineData("012340")]
    [InlineData("-12340")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[12340]")]
    public void A_fee_in_any_other_form_is_refused_unread(string fee) => BeeCloudFixture.AssertRejected(
        BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid(fee))), RejectionReasons.MalformedRequest);

    [Theory]
    [InlineData("WX1", "PAY", BeeCloudFixture.BillNo)]
    [InlineData("wx", "PAY", BeeCloudFixture.BillNo)]
    [InlineData("", "PAY", BeeCloudFixture.BillNo)]
    [InlineData("WX", "SUBSCRIPTION", BeeCloudFixture.BillNo)]
    [InlineData("WX", "", BeeCloudFixture.BillNo)]
    [InlineData("WX", "PAY", "short")]
    [InlineData("WX", "PAY", "BC1798689600-1")]
    [InlineData("WX", "PAY", "BC1798689600\\n")]
    public void Whatever_is_not_on_the_lists_is_refused_before_hashing(string channel, string type, string number) => BeeCloudFixture.AssertRejected(
        BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid(channel: channel, type: type, number: number))), RejectionReasons.MalformedRequest);

    [Theory]
    [InlineData("[]", RejectionReasons.MalformedRequest)]
    [InlineData("", RejectionReasons.MalformedRequest)]
    [InlineData("null", RejectionReasons.MalformedRequest)]
    [InlineData("{} {}", RejectionReasons.MalformedRequest)]
    [InlineData("{}", RejectionReasons.SignatureMissing)]
    [InlineData("""{"signature":""}""", RejectionReasons.SignatureMissing)]
    [InlineData("""{"signature":["c20aa622e63471aab4d227af14d540cb"]}""", RejectionReasons.SignatureMissing)]
    [InlineData("""{"a":{"b":1,"b":2}}""", RejectionReasons.DuplicateField)]
    public void What_is_not_one_strict_object_is_refused(string body, string reason) =>
        BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(body)), reason);

    [Fact]
    public void Text_behind_the_object_is_refused() =>
        BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid() + "x")), RejectionReasons.MalformedRequest);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post([(byte)'{', 0xC3, 0x28, (byte)'}'])), RejectionReasons.MalformedRequest);

    [Theory]
    [InlineData("GET", "application/json")]
    [InlineData("POST", "application/x-www-form-urlencoded")]
    public void Another_transport_is_refused(string method, string contentType) => BeeCloudFixture.AssertRejected(
        BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(Encoding.UTF8.GetBytes(BeeCloudFixture.Paid()), method: method, contentType: contentType)),
        RejectionReasons.MalformedRequest);

    [Theory]
    [InlineData("PAY", "false", NotificationKind.PaymentPending)]
    [InlineData("REFUND", "true", NotificationKind.RefundSucceeded)]
    [InlineData("REFUND", "false", NotificationKind.RefundAbnormal)]
    [InlineData("TRANSFER", "true", NotificationKind.Unrelated)]
    public void Type_and_success_mean(string type, string success, NotificationKind kind)
    {
        var message = Assert.IsType<Verification.Accepted>(
            BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid(type: type, success: success)))).Notification;

        Assert.Equal(kind, message.Kind);
        Assert.Equal(type == "PAY" ? BeeCloudFixture.BillNo : null, message.OutTradeNo);
        Assert.Equal(type == "REFUND" ? new RefundFact(BeeCloudFixture.BillNo, null, 12_340, null) : null, message.Refund);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"true\"")]
    [InlineData("null")]
    public void A_success_that_is_no_boolean_is_genuine_but_unreadable(string success) => BeeCloudFixture.AssertRejected(
        BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid(success: success))), RejectionReasons.NotParsable, signatureValid: true);

    [Fact]
    public void The_subscriptions_scheme_does_not_count_at_the_payment_address()
    {
        var sign = BeeCloudFixture.Md5(BeeCloudFixture.AppId + BeeCloudFixture.AppSecret + "1798689600000");
        var body = $$"""{"sign":"{{sign}}","timestamp":1798689600000,"channel_type":"BC","transaction_type":"PAY","transaction_id":"{{BeeCloudFixture.BillNo}}","transaction_fee":12340,"trade_success":true}""";

        var rejected = BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(body)), RejectionReasons.SignatureMissing);

        Assert.Contains("subscription", rejected.Trace[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_signed_with_the_other_secret_is_diagnosed()
    {
        var body = BeeCloudFixture.Paid().Replace(
            BeeCloudFixture.Md5(BeeCloudFixture.AppId + BeeCloudFixture.BillNo + "PAYWX12340" + BeeCloudFixture.MasterSecret),
            BeeCloudFixture.Md5(BeeCloudFixture.AppId + BeeCloudFixture.BillNo + "PAYWX12340" + BeeCloudFixture.AppSecret), StringComparison.Ordinal);

        var rejected = BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(body)), RejectionReasons.SignatureInvalid);

        Assert.Equal("app_secret", rejected.Trace[^1].Values?["cause"]);
    }

    [Theory]
    [InlineData(CallbackStatus.Applied, "success")]
    [InlineData(CallbackStatus.Duplicate, "success")]
    [InlineData(CallbackStatus.Ignored, "success")]
    [InlineData(CallbackStatus.Quarantined, "success")]
    [InlineData(CallbackStatus.Deferred, "fail")]
    [InlineData(CallbackStatus.Rejected, "fail")]
    public void The_answer_is_one_word(CallbackStatus outcome, string word) =>
        Assert.Equal(new Acknowledgement(200, "text/plain", word), BeeCloudFixture.Open().Acknowledge(outcome));
}
