using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;

public sealed class WeChatLegacyAppNotificationTests
{
    [Fact]
    public void Genuine_message_tells_the_payment_and_masks_the_payer()
    {
        var verification = WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid()), WeChatLegacyAppFixture.Body()));

        var told = Assert.IsType<Verification.Accepted>(verification).Notification;
        Assert.Equal(
            (NotificationKind.PaymentSucceeded, "N1", WeChatLegacyAppFixture.OutTradeNo, "1900000109201612310000000001", 12_340L, "CNY"),
            (told.Kind, told.MessageId, told.OutTradeNo, told.ChannelTransactionId, told.Amount, told.Currency));
        Assert.Equal(
            (WeChatLegacyAppFixture.AppId, WeChatLegacyAppFixture.Partner, "****wa-w", true),
            (told.AppId, told.MerchantId, told.PayerMasked, told.OwesDeliveryReport));
        Assert.Equal(new DateTimeOffset(2026, 12, 31, 4, 0, 1, TimeSpan.Zero), told.OccurredAt);
        Assert.DoesNotContain(WeChatLegacyAppFixture.OpenId, string.Join(' ', verification.Trace.SelectMany(step => step.Values?.Values ?? [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GBK")]
    [InlineData("UTF-8")]
    public void Chinese_is_signed_in_the_charset_that_the_message_names(string charset)
    {
        var fields = WeChatLegacyAppFixture.Paid();
        (fields["input_charset"], fields["attach"], fields["buyer_alias"]) = (charset, "龙井 茶&杯", "买家甲乙丙丁戊己庚");
        var encoding = charset == "GBK" ? FormEncoding.Gbk : FormEncoding.Utf8;

        var verification = WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(WeChatLegacyAppFixture.Signed(fields, encoding)));

        Assert.IsType<Verification.Accepted>(verification);
        var text = verification.Trace.Single(step => step.Step == TraceSteps.SignedText).Values?["text"];
        Assert.Contains("attach=龙井 茶&杯&", text, StringComparison.Ordinal);
        Assert.DoesNotContain("买家甲", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trade_state", "1", NotificationKind.PaymentPending)]
    [InlineData("trade_state", "", NotificationKind.Unrecognized)]
    [InlineData("trade_mode", "2", NotificationKind.Unrecognized)]
    public void Only_state_0_of_an_instant_trade_is_paid(string field, string value, NotificationKind kind) =>
        Assert.Equal(kind, Accepted(field, value).Kind);

    [Theory]
    [InlineData("total_fee", "123.40")]
    [InlineData("total_fee", "012340")]
    [InlineData("total_fee", "-12340")]
    [InlineData("total_fee", "")]
    [InlineData("total_fee", "9999999999999")]
    public void Amount_that_is_not_plain_fen_is_no_amount(string field, string value) => Assert.Null(Accepted(field, value).Amount);

    [Theory]
    [InlineData("fee_type", "2", "fee_type 2")]
    [InlineData("fee_type", "", "")]
    public void Other_money_is_never_yuan(string field, string value, string currency) => Assert.Equal(currency, Accepted(field, value).Currency);

    [Fact]
    public void Body_without_a_signature_tells_nothing()
    {
        var verification = WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(
            WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid()), "<xml><AppId>wx0000000000000000</AppId><OpenId>oForgedForgedForged</OpenId></xml>"u8.ToArray()));

        var told = Assert.IsType<Verification.Accepted>(verification).Notification;
        Assert.Equal((null, null), (told.AppId, told.PayerMasked));
    }

    [Theory]
    [InlineData("total_fee", "1")]
    [InlineData("out_trade_no", "PX20260101000002")]
    [InlineData("partner", "1900000110")]
    [InlineData("trade_state", "1")]
    [InlineData("transaction_id", "1900000109201612310000000002")]
    [InlineData("attach", "x")]
    [InlineData("sign_key_index", "2")]
    public void Changed_field_is_refused(string field, string value)
    {
        var fields = WeChatLegacyAppFixture.Paid();
        var sign = Sign(WeChatLegacyAppFixture.Signed(fields));
        fields[field] = value;
        AssertRejected(WeChatLegacyAppFixture.Query(fields.Append(new("sign", sign))), RejectionReasons.SignatureInvalid);
    }

    [Fact]
    public void Message_without_a_signature_is_refused()
    {
        AssertRejected(WeChatLegacyAppFixture.Query(WeChatLegacyAppFixture.Paid()), RejectionReasons.SignatureMissing);
        AssertRejected(WeChatLegacyAppFixture.Query(WeChatLegacyAppFixture.Paid().Append(new("sign", ""))), RejectionReasons.SignatureMissing);
        AssertRejected("", RejectionReasons.SignatureMissing);
    }

    [Fact]
    public void Algorithm_is_never_the_messages_choice()
    {
        var fields = WeChatLegacyAppFixture.Paid();
        fields["sign_type"] = "RSA";
        AssertRejected(WeChatLegacyAppFixture.Signed(fields), RejectionReasons.UnsupportedAlgorithm);
    }

    [Theory]
    [InlineData("&total_fee=1", RejectionReasons.DuplicateField)]
    [InlineData("&input_charset=GBK", RejectionReasons.DuplicateField)]
    [InlineData("&a%5B0%5D=1", RejectionReasons.MalformedRequest)]
    [InlineData("&x=%zz", RejectionReasons.MalformedRequest)]
    [InlineData("&x=%ff%fe", RejectionReasons.MalformedRequest)]
    public void Address_that_two_readers_could_read_differently_is_refused(string more, string reason) =>
        AssertRejected(WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid()) + more, reason);

    [Fact]
    public void Body_that_is_wrongly_signed_or_no_plain_xml_spoils_the_message()
    {
        var query = WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid());
        AssertRejected(query, RejectionReasons.SignatureInvalid, WeChatLegacyAppFixture.Body(signature: new string('0', 40)));
        AssertRejected(query, RejectionReasons.SignatureInvalid, Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(WeChatLegacyAppFixture.Body()).Replace(WeChatLegacyAppFixture.OpenId, "oSomebodyElseSomebodyElse1", StringComparison.Ordinal)));
        AssertRejected(query, RejectionReasons.MalformedRequest, "<!DOCTYPE x [<!ENTITY a \"b\">]><xml><AppId>&a;</AppId></xml>"u8.ToArray());
        AssertRejected(query, RejectionReasons.DuplicateField, "<xml><AppId>a</AppId><AppId>b</AppId></xml>"u8.ToArray());
        AssertRejected(query, RejectionReasons.MalformedRequest, "not xml"u8.ToArray());
    }

    [Fact]
    public void Other_methods_and_compressed_bodies_are_refused()
    {
        var query = WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid());
        foreach (var raw in new[] { WeChatLegacyAppFixture.Post(query, method: "GET"), WeChatLegacyAppFixture.Post(query, contentEncoding: "gzip") })
        {
            Assert.Equal(RejectionReasons.MalformedRequest, Assert.IsType<Verification.Rejected>(WeChatLegacyAppFixture.Open().Verify(raw)).Reason);
        }
    }

    [Fact]
    public void Usual_mistakes_are_named()
    {
        var fields = WeChatLegacyAppFixture.Paid();
        Assert.Equal("pay_sign_key", Cause(WeChatLegacyAppFixture.Signed(fields, key: WeChatLegacyAppFixture.PaySignKey)));
        Assert.Equal("unexplained", Cause(WeChatLegacyAppFixture.Signed(fields, key: "00000000000000000000000000000000")));

        var text = string.Join('&', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
        Assert.Equal("empty_included", Cause(WeChatLegacyAppFixture.Query(
            fields.Append(new("sign", WeChatLegacyAppFixture.Md5($"{text}&key={WeChatLegacyAppFixture.PartnerKey}"))))));

        (fields["input_charset"], fields["attach"]) = ("GBK", "龙井");
        var sign = Sign(WeChatLegacyAppFixture.Signed(fields));
        Assert.Equal("other_charset", Cause(WeChatLegacyAppFixture.Query(fields.Append(new("sign", sign)), FormEncoding.Gbk)));
    }

    [Theory]
    [InlineData(CallbackStatus.Applied, "success")]
    [InlineData(CallbackStatus.Duplicate, "success")]
    [InlineData(CallbackStatus.Quarantined, "success")]
    [InlineData(CallbackStatus.Deferred, "fail")]
    [InlineData(CallbackStatus.Rejected, "fail")]
    public void Answer_is_the_word_alone(CallbackStatus outcome, string word) =>
        Assert.Equal(new Acknowledgement(200, "text/plain", word), WeChatLegacyAppFixture.Open().Acknowledge(outcome));

    private static VerifiedNotification Accepted(string field, string value)
    {
        var fields = WeChatLegacyAppFixture.Paid();
        fields[field] = value;
        return Assert.IsType<Verification.Accepted>(WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(WeChatLegacyAppFixture.Signed(fields)))).Notification;
    }

    private static void AssertRejected(string query, string reason, byte[]? body = null)
    {
        var rejected = Assert.IsType<Verification.Rejected>(WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(query, body)));
        Assert.Equal((reason, false), (rejected.Reason, rejected.SignatureValid));
    }

    private static string? Cause(string query) => Assert.IsType<Verification.Rejected>(WeChatLegacyAppFixture.Open().Verify(WeChatLegacyAppFixture.Post(query)))
        .Trace.Single(step => step.Step == TraceSteps.Diagnosis).Values?["cause"];

    private static string Sign(string query) => query[(query.IndexOf("&sign=", StringComparison.Ordinal) + 6)..];
}
