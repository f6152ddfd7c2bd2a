using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV2.WeChatPayV2Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

/// <summary>Refund notifications carry no signature: what they say is asked of the gateway before it counts.</summary>
public sealed class WeChatPayV2RefundTests
{
    [Theory]
    [InlineData("SUCCESS", NotificationKind.RefundSucceeded)]
    [InlineData("CHANGE", NotificationKind.RefundAbnormal)]
    [InlineData("REFUNDCLOSE", NotificationKind.RefundClosed)]
    [InlineData("PAID", NotificationKind.Unrecognized)]
    public void A_sealed_message_is_read(string status, NotificationKind kind)
    {
        var message = Accepted(Open().Verify(Post(RefundNotice(new Dictionary<string, string>(Refunded()) { ["refund_status"] = status }))));

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = kind,
                Source = NotificationSource.Notification,
                OutTradeNo = OutTradeNo,
                ChannelTransactionId = "42000020261798689600",
                Amount = 12340,
                AppId = AppId,
                MerchantId = MchId,
                OccurredAt = new DateTimeOffset(2026, 12, 31, 4, 24, 13, TimeSpan.Zero),
                Refund = new RefundFact("RF-1", "50000408942018111907145868882", 2345, null),
            },
            message);
        Assert.Equal(kind != NotificationKind.Unrecognized, Confirming().NeedsConfirmation(message));
    }

    [Fact]
    public void A_payment_needs_no_confirmation() => Assert.False(Confirming().NeedsConfirmation(Accepted(Open().Verify(Post(Signed(Paid()))))));

    [Theory]
    [InlineData("<!DOCTYPE root><root><refund_status>SUCCESS</refund_status></root>")]
    [InlineData("<xml><refund_status>SUCCESS</refund_status></xml>")]
    [InlineData("<root><refund_status>SUCCESS</refund_status><refund_status>SUCCESS</refund_status></root>")]
    [InlineData("<root><refund_status><v>SUCCESS</v></refund_status></root>")]
    [InlineData("not xml")]
    [InlineData("")]
    public void What_the_seal_holds_is_read_as_carefully_as_the_message(string plain) =>
        Rejected(Open().Verify(Post(RefundNotice(Seal(Encoding.UTF8.GetBytes(plain))))), RejectionReasons.DecryptFailed);

    [Fact]
    public void A_seal_of_another_key_or_of_broken_text_is_refused()
    {
        Rejected(Open().Verify(Post(RefundNotice(Refunded(), key: new string('k', 32)))), RejectionReasons.DecryptFailed);
        var genuine = RefundNotice(Refunded());
        foreach (var (text, replacement) in new[] { ("<req_info>", "<req_info> "), ("<req_info>", "<req_info>AAAA"), ("</req_info>", "=</req_info>") })
        {
            Rejected(Open().Verify(Post(genuine.Replace(text, replacement, StringComparison.Ordinal))), RejectionReasons.DecryptFailed);
        }
    }

    [Theory]
    [InlineData("<xml><return_code>SUCCESS</return_code></xml>")]
    [InlineData("<xml><return_code>SUCCESS</return_code><req_info></req_info></xml>")]
    [InlineData("<xml><return_code>SUCCESS</return_code><sign></sign><req_info/></xml>")]
    [InlineData("<xml><return_code>FAIL</return_code><return_msg>x</return_msg></xml>")]
    public void A_message_with_neither_sign_nor_seal_is_refused(string body) => Rejected(Open().Verify(Post(body)), RejectionReasons.SignatureMissing);

    [Fact]
    public void A_seal_counts_only_with_success_and_never_beside_a_wrong_sign()
    {
        var notice = RefundNotice(Refunded());
        Rejected(Open().Verify(Post(notice.Replace("SUCCESS", "FAIL", StringComparison.Ordinal))), RejectionReasons.SignatureMissing);
        Rejected(
            Open().Verify(Post(notice.Replace("</xml>", "<sign>0123456789ABCDEF0123456789ABCDEF</sign></xml>", StringComparison.Ordinal))), RejectionReasons.SignatureInvalid);
    }

    [Theory]
    [InlineData("SUCCESS", "SUCCESS")]
    [InlineData("CHANGE", "CHANGE")]
    [InlineData("REFUNDCLOSE", "REFUNDCLOSE")]
    public async Task The_gateways_word_confirms(string claimed, string told)
    {
        var stub = WeChatPayV2Stub.Saying(Told(status: told));

        Assert.IsType<Confirmation.Confirmed>(await ConfirmAsync(stub, claimed));

        var (path, fields) = Assert.Single(stub.Calls);
        Assert.Equal(("/pay/refundquery", "50000408942018111907145868882"), (path, fields["refund_id"]));
        Assert.Equal(Sign(fields, "MD5", Key), fields["sign"]);
    }

    [Theory]
    [InlineData("refund_fee_0", "1")]
    [InlineData("refund_fee_0", "23450")]
    [InlineData("out_refund_no_0", "RF-2")]
    [InlineData("refund_id_0", "1")]
    [InlineData("out_trade_no", "OTHER")]
    [InlineData("transaction_id", "OTHER")]
    [InlineData("total_fee", "1")]
    [InlineData("refund_status_0", "REFUNDCLOSE")]
    [InlineData("refund_status_0", "CHANGE")]
    [InlineData("refund_status_0", "")]
    public async Task What_the_gateway_tells_otherwise_is_refuted(string name, string value) =>
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(WeChatPayV2Stub.Saying(new(Told()) { [name] = value })));

    [Fact]
    public async Task A_refund_that_the_gateway_does_not_know_is_refuted() =>
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(WeChatPayV2Stub.Saying(new() { ["err_code"] = "REFUNDNOTEXIST" })));

    [Fact]
    public async Task Another_of_several_refunds_is_found_by_its_numbers()
    {
        var told = Told();
        foreach (var name in new[] { "out_refund_no", "refund_id", "refund_fee", "refund_status" })
        {
            told[$"{name}_1"] = told[$"{name}_0"];
            told[$"{name}_0"] = "9";
        }

        Assert.IsType<Confirmation.Confirmed>(await ConfirmAsync(WeChatPayV2Stub.Saying(told)));
    }

    public static TheoryData<string> Unclear => new()
    {
        WeChatPayV2Stub.Answer(Told(status: "PROCESSING")),
        WeChatPayV2Stub.Answer(new() { ["err_code"] = "SYSTEMERROR" }),
        WeChatPayV2Stub.Answer(Told(), key: new string('k', 32)),
        WeChatPayV2Stub.Answer(Told(), "HMAC-SHA256"),
        "<xml><return_code>FAIL</return_code><return_msg>签名失败</return_msg></xml>",
        "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>",
        "oops",
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task An_answer_that_proves_nothing_leaves_it_open(string answer) =>
        Assert.IsType<Confirmation.Unclear>(await ConfirmAsync(new WeChatPayV2Stub(_ => answer)));

    [Fact]
    public async Task A_message_put_together_from_blocks_of_two_genuine_ones_opens_and_is_refuted()
    {
        // Both seal the same fields up to the sum, whose block differs: exchanged, the small refund claims the large sum.
        var small = Encoding.UTF8.GetBytes(Xml(Refunded(), "root"));
        var large = Encoding.UTF8.GetBytes(Xml(new Dictionary<string, string>(Refunded()) { ["refund_fee"] = "9345" }, "root"));
        var differing = Enumerable.Range(0, small.Length / 16).Single(block => !small.AsSpan(block * 16, 16).SequenceEqual(large.AsSpan(block * 16, 16)));
        var forged = Seal(small);
        Seal(large).AsSpan(differing * 16, 16).CopyTo(forged.AsSpan(differing * 16));

        var message = Accepted(Open().Verify(Post(RefundNotice(forged))));

        Assert.Equal(9345, message.Refund?.Amount);
        Assert.IsType<Confirmation.Refuted>(await Confirming(WeChatPayV2Stub.Saying(Told())).ConfirmAsync(Post(""), message, CancellationToken.None));
    }

    private static Dictionary<string, string> Told(string status = "SUCCESS") => new()
    {
        ["out_trade_no"] = OutTradeNo,
        ["transaction_id"] = "42000020261798689600",
        ["total_fee"] = "12340",
        ["refund_count"] = "1",
        ["out_refund_no_0"] = "RF-1",
        ["refund_id_0"] = "50000408942018111907145868882",
        ["refund_fee_0"] = "2345",
        ["refund_status_0"] = status,
    };

    private static Task<Confirmation> ConfirmAsync(WeChatPayV2Stub stub, string claimed = "SUCCESS")
    {
        var raw = Post(RefundNotice(new Dictionary<string, string>(Refunded()) { ["refund_status"] = claimed }));
        return Confirming(stub).ConfirmAsync(raw, Accepted(Open().Verify(raw)), CancellationToken.None);
    }

    private static IConfirmingChannel Confirming(HttpMessageHandler? handler = null) => Assert.IsAssignableFrom<IConfirmingChannel>(Open(handler));
}
