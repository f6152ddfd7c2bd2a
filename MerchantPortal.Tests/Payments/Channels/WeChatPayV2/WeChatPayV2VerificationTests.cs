using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV2.WeChatPayV2Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

/// <summary>What a payment notification must be to be believed, and what is told of one that is not.</summary>
public sealed class WeChatPayV2VerificationTests
{
    [Theory]
    [InlineData("MD5")]
    [InlineData("HMAC-SHA256")]
    public void A_genuine_message_is_read(string signType) => Assert.Equal(
        new VerifiedNotification
        {
            Kind = NotificationKind.PaymentSucceeded,
            Source = NotificationSource.Notification,
            OutTradeNo = OutTradeNo,
            ChannelTransactionId = "42000020261798689600",
            Amount = 12340,
            Currency = "CNY",
            AppId = AppId,
            MerchantId = MchId,
            OccurredAt = Now,
            PayerMasked = "****kukE",
        },
        Accepted(Open(signType: signType).Verify(Post(Signed(Paid(), signType)))));

    [Fact]
    public void One_changed_character_in_any_field_is_refused()
    {
        var genuine = Paid();
        foreach (var name in genuine.Keys)
        {
            var forged = new Dictionary<string, string>(genuine) { [name] = genuine[name][..^1] + (genuine[name][^1] == '1' ? '2' : '1') };
            var body = Xml(forged.Append(new("sign", Sign(genuine, "MD5", Key))));
            Rejected(Open().Verify(Post(body)), RejectionReasons.SignatureInvalid);
        }
    }

    [Fact]
    public void A_field_that_is_added_or_dropped_breaks_the_signature()
    {
        var sign = Sign(Paid(), "MD5", Key);
        Rejected(Open().Verify(Post(Xml(Paid().Append(new("note", "x")).Append(new("sign", sign))))), RejectionReasons.SignatureInvalid);
        Rejected(Open().Verify(Post(Xml(Paid().Where(field => field.Key != "bank_type").Append(new("sign", sign))))), RejectionReasons.SignatureInvalid);
        Assert.IsType<Verification.Accepted>(Open().Verify(Post(Xml(Paid().Append(new("note", "")).Append(new("sign", sign))))));
    }

    [Theory]
    [InlineData("MD5", "HMAC-SHA256", "signed_hmac")]
    [InlineData("HMAC-SHA256", "MD5", "signed_md5")]
    public void The_account_pins_the_algorithm_whatever_the_body_says(string pinned, string used, string cause)
    {
        var silent = Rejected(Open(signType: pinned).Verify(Post(Signed(Paid(), used))), RejectionReasons.SignatureInvalid);
        Assert.Equal(cause, Cause(silent));
        var named = new Dictionary<string, string>(Paid()) { ["sign_type"] = used };
        Assert.Equal(cause, Cause(Rejected(Open(signType: pinned).Verify(Post(Signed(named, used))), RejectionReasons.UnsupportedAlgorithm)));
    }

    [Fact]
    public void A_right_signature_under_another_name_of_the_algorithm_is_refused()
    {
        var fields = new Dictionary<string, string>(Paid()) { ["sign_type"] = "MD4" };

        Assert.Equal("sign_type", Cause(Rejected(Open().Verify(Post(Signed(fields))), RejectionReasons.UnsupportedAlgorithm)));
    }

    [Theory]
    [InlineData("no_key", "appid=wx&sign=")]
    [InlineData("lower_case", null)]
    [InlineData("unexplained", "0123456789ABCDEF0123456789ABCDEF")]
    public void A_refusal_tells_the_usual_mistake(string cause, string? sign)
    {
        var text = string.Join('&', Paid().OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
        var told = cause switch
        {
            "no_key" => Convert.ToHexString(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes(text))),
            "lower_case" => Sign(Paid(), "MD5", Key).ToLowerInvariant(),
            _ => sign ?? "",
        };

        Assert.Equal(cause, Cause(Rejected(Open().Verify(Post(Xml(Paid().Append(new("sign", told))))), RejectionReasons.SignatureInvalid)));
    }

    [Fact]
    public void The_trace_shows_the_signed_text_without_key_and_payer()
    {
        var rejected = Rejected(Open().Verify(Post(Signed(Paid(), key: new string('x', 32)))), RejectionReasons.SignatureInvalid);

        var text = rejected.Trace.Single(step => step.Step == TraceSteps.SignedText).Values?["text"];
        Assert.Contains("openid=****kukE&out_trade_no=PX20260101000001", text, StringComparison.Ordinal);
        Assert.EndsWith("transaction_id=42000020261798689600&key=****", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, string.Join('|', rejected.Trace.SelectMany(step => step.Values?.Values ?? [])), StringComparison.Ordinal);
        Assert.DoesNotContain("oUpF8uM", string.Join('|', rejected.Trace.SelectMany(step => step.Values?.Values ?? [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("result_code", "FAIL", NotificationKind.PaymentPending)]
    [InlineData("result_code", "", NotificationKind.Unrecognized)]
    [InlineData("result_code", "success", NotificationKind.Unrecognized)]
    [InlineData("return_code", "FAIL", NotificationKind.Unrecognized)]
    [InlineData("return_code", "", NotificationKind.Unrecognized)]
    [InlineData("trade_state", "NOTPAY", NotificationKind.Unrecognized)]
    [InlineData("trade_state", "SUCCESS", NotificationKind.PaymentSucceeded)]
    public void Only_two_successes_are_a_payment(string name, string value, NotificationKind kind) =>
        Assert.Equal(kind, Accepted(Open().Verify(Post(Signed(new Dictionary<string, string>(Paid()) { [name] = value })))).Kind);

    [Theory]
    [InlineData("12340.0")]
    [InlineData(" 12340")]
    [InlineData("+12340")]
    [InlineData("12,340")]
    [InlineData("1e4")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public void A_sum_is_digits_or_nothing(string total) =>
        Assert.Null(Accepted(Open().Verify(Post(Signed(new Dictionary<string, string>(Paid()) { ["total_fee"] = total })))).Amount);

    [Fact]
    public void A_coupon_does_not_lower_what_was_paid() =>
        Assert.Equal(12340, Accepted(Open().Verify(Post(Signed(new Dictionary<string, string>(Paid()) { ["cash_fee"] = "1", ["coupon_fee"] = "12339" })))).Amount);

    [Fact]
    public void A_get_a_compressed_body_and_an_oversize_one_are_refused()
    {
        var body = Encoding.UTF8.GetBytes(Signed(Paid()));
        Rejected(Open().Verify(Post(body, method: "GET")), RejectionReasons.MalformedRequest);
        Rejected(
            Open().Verify(Post(body) with { Headers = new Dictionary<string, string> { ["content-encoding"] = "gzip" } }), RejectionReasons.MalformedRequest);
        Rejected(Open().Verify(Post([]) with { TooLarge = true }), RejectionReasons.BodyTooLarge);
    }

    [Theory]
    [InlineData("<!DOCTYPE xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>")]
    public void A_doctype_is_refused_even_before_a_right_signature(string doctype) =>
        Rejected(Open().Verify(Post(doctype + Signed(Paid()))), RejectionReasons.MalformedRequest);

    [Fact]
    public void A_field_twice_is_refused_before_the_signature_is_looked_at() =>
        Rejected(Open().Verify(Post(Signed(Paid()).Replace("<xml>", "<xml><total_fee>1</total_fee>", StringComparison.Ordinal))), RejectionReasons.DuplicateField);

    private static string? Cause(Verification.Rejected rejected) => rejected.Trace.Single(step => step.Step == TraceSteps.Diagnosis).Values?["cause"];
}
