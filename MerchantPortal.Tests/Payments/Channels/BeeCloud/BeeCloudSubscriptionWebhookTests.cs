using System.Globalization;
using System.Text;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

public sealed class BeeCloudSubscriptionWebhookTests
{
    private const string Address = "/subscription";

    [Theory]
    [InlineData(0, true)]
    [InlineData(-300_000, true)]
    [InlineData(300_000, true)]
    [InlineData(-300_001, false)]
    [InlineData(300_001, false)]
    public void The_window_is_five_minutes_on_both_sides_of_the_arrival(long offset, bool fresh)
    {
        var message = Accepted(Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds() + offset));

        Assert.Equal(fresh, message.Subscription?.IsFresh);
        Assert.Equal((BeeCloudFixture.Now.ToUnixTimeMilliseconds() + offset).ToString(CultureInfo.InvariantCulture), message.MessageId);
    }

    [Theory]
    [InlineData("\"1798689600000\"")]
    [InlineData("1798689600000.0")]
    [InlineData("1.7986896e12")]
    [InlineData("null")]
    public void A_timestamp_in_any_other_form_is_refused_unread(string timestamp)
    {
        var body = Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds()).Replace("\"timestamp\":1798689600000", $"\"timestamp\":{timestamp}", StringComparison.Ordinal);

        BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(body, Address)), RejectionReasons.MalformedRequest);
    }

    [Theory]
    [InlineData("\"sub_channel_type\":\"BC_SUBSCRIPTION\"", "\"sub_channel_type\":\"WX_NATIVE\"")]
    [InlineData("\"transaction_type\":\"PAY\"", "\"transaction_type\":\"REFUND\"")]
    [InlineData("\"trade_success\":true", "\"trade_success\":1")]
    [InlineData("\"transaction_id\":\"bill-1\"", "\"transaction_id\":\"bill 1\"")]
    public void What_is_neither_a_subscription_nor_its_charge_is_refused(string from, string to) => BeeCloudFixture.AssertRejected(
        BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds()).Replace(from, to, StringComparison.Ordinal), Address)),
        RejectionReasons.NotParsable);

    [Fact]
    public void The_payments_scheme_does_not_count_at_the_subscription_address() =>
        BeeCloudFixture.AssertRejected(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid(), Address)), RejectionReasons.SignatureMissing);

    [Fact]
    public void A_fee_that_cannot_be_read_exactly_is_no_fee() => Assert.Null(
        Accepted(Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds()).Replace("\"transaction_fee\":2900", "\"transaction_fee\":2900.0", StringComparison.Ordinal)).Amount);

    [Theory]
    [InlineData("123.57.146.46", true)]
    [InlineData("::ffff:182.92.114.175", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("", false)]
    public void Where_the_settings_name_senders_no_other_is_heard(string from, bool heard)
    {
        var raw = BeeCloudFixture.Post(Encoding.UTF8.GetBytes(Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds())), Address, remoteAddress: from);
        (string, string) setting = ("Gateways:BeeCloud:SourceAddresses", "123.57.146.46, 182.92.114.175");

        var verification = BeeCloudFixture.Open(settings: setting).Verify(raw);

        Assert.Equal(heard ? null : RejectionReasons.SourceUnknown, (verification as Verification.Rejected)?.Reason);
        Assert.IsType<Verification.Accepted>(BeeCloudFixture.Open().Verify(raw));
        Assert.IsType<Verification.Accepted>(BeeCloudFixture.Open(mode: PaymentMode.Test, settings: setting).Verify(raw));
    }

    [Theory]
    [InlineData("BC_SUBSCRIPTION", true, "2900", true, typeof(Confirmation.Confirmed))]
    [InlineData("BC_SUBSCRIPTION", true, "2901", true, typeof(Confirmation.Refuted))]
    [InlineData("BC_SUBSCRIPTION", false, "2900", true, typeof(Confirmation.Unclear))]
    [InlineData("WX_NATIVE", true, "2900", true, typeof(Confirmation.Refuted))]
    [InlineData("BC_SUBSCRIPTION", false, "2900", false, typeof(Confirmation.Confirmed))]
    [InlineData("BC_SUBSCRIPTION", true, "2900", false, typeof(Confirmation.Refuted))]
    public async Task A_charge_is_held_against_its_bill(string subChannel, bool paid, string fee, bool claimed, Type expected)
    {
        var channel = BeeCloudFixture.Open(BeeCloudStub.Saying(
            BeeCloudFixture.Bills(BeeCloudFixture.Bill(fee, paid, more: $",\"sub_channel\":\"{subChannel}\"", number: "bill-1"))));
        var raw = BeeCloudFixture.Post(
            Body(BeeCloudFixture.Now.ToUnixTimeMilliseconds()).Replace("\"trade_success\":true", $"\"trade_success\":{(claimed ? "true" : "false")}", StringComparison.Ordinal), Address);
        var message = Assert.IsType<Verification.Accepted>(channel.Verify(raw)).Notification;

        Assert.True(channel.NeedsConfirmation(message));
        Assert.IsType(expected, await channel.ConfirmAsync(raw, message, CancellationToken.None));
    }

    private static VerifiedNotification Accepted(string body) =>
        Assert.IsType<Verification.Accepted>(BeeCloudFixture.Open().Verify(BeeCloudFixture.Post(body, Address))).Notification;

    private static string Body(long timestamp)
    {
        var sign = BeeCloudFixture.Md5($"{BeeCloudFixture.AppId}{BeeCloudFixture.AppSecret}{timestamp}");
        return $$"""{"sign":"{{sign}}","timestamp":{{timestamp}},"channel_type":"BC","sub_channel_type":"BC_SUBSCRIPTION","transaction_type":"PAY","transaction_id":"bill-1","transaction_fee":2900,"trade_success":true,"message_detail":{"subscription_id":"sub-1"},"optional":{} }""";
    }
}
