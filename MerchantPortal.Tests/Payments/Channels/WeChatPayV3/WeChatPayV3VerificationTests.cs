using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>From bytes to proof: headers, key, freshness, signature.</summary>
public sealed class WeChatPayV3VerificationTests
{
    private static readonly string Body = Envelope(Transaction().ToJsonString());

    private readonly IPaymentChannel _channel = Open();

    public static TheoryData<string> SignedHeaders => ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature"];

    [Fact]
    public void A_genuine_payment_is_read_whole()
    {
        var message = Accepted(_channel.Verify(Signed(Body)));

        Assert.Equal(NotificationKind.PaymentSucceeded, message.Kind);
        Assert.Equal(NotificationSource.Notification, message.Source);
        Assert.Equal(("EV-1", OutTradeNo, "42000020261798689600"), (message.MessageId, message.OutTradeNo, message.ChannelTransactionId));
        Assert.Equal((12340L, "CNY", AppId, MchId), (message.Amount, message.Currency, message.AppId, message.MerchantId));
        Assert.Equal((new DateTimeOffset(2026, 12, 31, 4, 0, 0, TimeSpan.Zero), "****eS6o"), (message.OccurredAt, message.PayerMasked));
        Assert.Null(message.Refund);
    }

    [Fact]
    public void The_trace_tells_each_step_and_no_secret()
    {
        var trace = Assert.IsType<Verification.Accepted>(_channel.Verify(Signed(Body))).Trace;

        Assert.Equal(
            [TraceSteps.Received, TraceSteps.Headers, TraceSteps.KeyChosen, TraceSteps.Freshness, TraceSteps.SignedText, TraceSteps.Signature, TraceSteps.Decrypt, TraceSteps.Parse],
            trace.Select(step => step.Step));
        Assert.All(trace, step => Assert.True(step.Ok));
        var shown = System.Text.Json.JsonSerializer.Serialize(trace);
        Assert.Contains("****eS6o", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("oUpF8uMuAJO", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(VectorFile.Key("v3_apiv3_key"), shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wechatpay-timestamp", "1798689601", RejectionReasons.SignatureInvalid)]
    [InlineData("wechatpay-nonce", "593BEC0C930BF1AFEB40B4A08C8FB243", RejectionReasons.SignatureInvalid)]
    [InlineData("wechatpay-serial", "1E8B1F2327A75174A18EBE51ED691CDFE91F7515", RejectionReasons.SignatureInvalid)]
    [InlineData("wechatpay-serial", "PUB_KEY_ID_0119000001092026010100000000000002", RejectionReasons.UnknownKey)]
    [InlineData("wechatpay-serial", "7777777777777777777777777777777777777777", RejectionReasons.UnknownKey)]
    [InlineData("wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3", RejectionReasons.UnsupportedAlgorithm)]
    [InlineData("wechatpay-signature-type", "wechatpay2-sha256-rsa2048", RejectionReasons.UnsupportedAlgorithm)]
    [InlineData("wechatpay-signature-type", "", RejectionReasons.UnsupportedAlgorithm)]
    public void A_changed_header_is_refused(string name, string value, string reason) =>
        Rejected(_channel.Verify(Changed(headers => headers[name] = value)), reason);

    [Fact]
    public void One_changed_byte_anywhere_in_the_body_is_refused()
    {
        var raw = Signed(Body);
        for (var i = 0; i < raw.Body.Length; i += 37)
        {
            var body = raw.Body.ToArray();
            body[i] ^= 1;
            Rejected(_channel.Verify(raw with { Body = body }), RejectionReasons.SignatureInvalid);
        }
    }

    [Theory]
    [MemberData(nameof(SignedHeaders))]
    public void A_missing_empty_or_doubled_header_is_refused(string name)
    {
        var missing = name == "wechatpay-signature" ? RejectionReasons.SignatureMissing : RejectionReasons.HeaderMissing;
        Rejected(_channel.Verify(Changed(headers => headers.Remove(name))), missing);
        Rejected(_channel.Verify(Changed(headers => headers[name] = "")), missing);
        Rejected(_channel.Verify(Changed(headers => headers[name] += $"\n{headers[name]}")), RejectionReasons.DuplicateField);
        Rejected(_channel.Verify(Changed(headers => headers[name] = new string('1', 4096))), RejectionReasons.MalformedRequest);
    }

    [Theory]
    [InlineData("wechatpay-nonce", "a b")]
    [InlineData("wechatpay-nonce", "随机")]
    [InlineData("wechatpay-serial", "PUB KEY")]
    [InlineData("wechatpay-timestamp", "abc")]
    [InlineData("wechatpay-timestamp", "-1798689600")]
    [InlineData("wechatpay-timestamp", "+1798689600")]
    [InlineData("wechatpay-timestamp", "01798689600")]
    [InlineData("wechatpay-timestamp", "1798689600.0")]
    [InlineData("wechatpay-timestamp", " 1798689600")]
    [InlineData("wechatpay-timestamp", "１７９８６８９６００")]
    [InlineData("wechatpay-timestamp", "99999999999999999999")]
    [InlineData("wechatpay-timestamp", "1.79e9")]
    public void A_malformed_header_is_refused(string name, string value) =>
        Rejected(_channel.Verify(Changed(headers => headers[name] = value)), RejectionReasons.MalformedRequest);

    [Theory]
    [InlineData(-299, true)]
    [InlineData(299, true)]
    [InlineData(-300, false)]
    [InlineData(300, false)]
    [InlineData(2_500_000_000, false)]
    public void The_window_is_just_under_five_minutes_either_way_of_arrival(long seconds, bool accepted)
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        var verification = _channel.Verify(Post(bytes, Headers(bytes, at: Now.AddSeconds(seconds))));
        if (accepted)
        {
            Accepted(verification);
            return;
        }

        Rejected(verification, RejectionReasons.Stale);
    }

    [Fact]
    public void Stored_bytes_are_judged_by_their_arrival_and_not_by_today()
    {
        var channel = Open(time: new FakeTimeProvider(Now.AddYears(1)));
        Accepted(channel.Verify(Signed(Body)));
        Rejected(channel.Verify(Signed(Body) with { ReceivedAt = Now.AddYears(1) }), RejectionReasons.Stale);
    }

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("AAAA")]
    [InlineData("=")]
    [InlineData("签名")]
    [InlineData("WECHATPAY/SIGNTEST/AAAABBBBCCCCDDDD")]
    public void A_signature_that_is_none_is_refused_cleanly(string signature) =>
        Rejected(_channel.Verify(Changed(headers => headers["wechatpay-signature"] = signature)), RejectionReasons.SignatureInvalid);

    [Fact]
    public void A_signature_that_is_not_canonical_base64_is_refused()
    {
        Func<string, string>[] changes =
        [
            signature => signature.Insert(40, " "), signature => signature.TrimEnd('='), signature => signature[..^8],
            signature => signature.Replace('+', '-').Replace('/', '_'), signature => signature + "=", signature => signature + "AAAA",
        ];
        Assert.All(changes, change => Rejected(
            _channel.Verify(Changed(headers => headers["wechatpay-signature"] = change(headers["wechatpay-signature"]))), RejectionReasons.SignatureInvalid));
    }

    [Fact]
    public void Every_key_of_the_ring_is_alive_and_none_stands_in_for_another()
    {
        var (first, second) = (VectorFile.Key("v3_platform.cert_serial"), VectorFile.Key("v3_platform_2.cert_serial"));
        Accepted(_channel.Verify(Signed(Body, first)));
        Accepted(_channel.Verify(Signed(Body, second, "v3_platform_2.private_pem")));
        Accepted(_channel.Verify(Signed(Body, PublicKeyId)));
        Rejected(_channel.Verify(Signed(Body, second)), RejectionReasons.SignatureInvalid);

        var retired = Open(form: Ring((PublicKeyId, VectorFile.Key("v3_platform.public_pem"))));
        Rejected(retired.Verify(Signed(Body, first)), RejectionReasons.UnknownKey);
    }

    [Fact]
    public void A_serial_with_leading_zeros_names_the_same_key()
    {
        var channel = Open(form: Ring(("00AB12", VectorFile.Key("v3_platform.public_pem"))));
        Accepted(channel.Verify(Signed(Body, "AB12")));
        Accepted(channel.Verify(Signed(Body, "0AB12")));
        Rejected(channel.Verify(Signed(Body, "AB120")), RejectionReasons.UnknownKey);
    }

    [Fact]
    public void A_missing_signature_type_means_the_usual_one() =>
        Accepted(_channel.Verify(Changed(headers => headers.Remove("wechatpay-signature-type"))));

    [Fact]
    public async Task Many_threads_may_share_one_channel()
    {
        var raw = Signed(Body);
        var forged = raw with { Body = Encoding.UTF8.GetBytes(Body + " ") };
        await Parallel.ForAsync(0, 400, (i, _) =>
        {
            Assert.Equal(i % 2 == 0, _channel.Verify(i % 2 == 0 ? raw : forged) is Verification.Accepted);
            return ValueTask.CompletedTask;
        });
    }

    private static RawNotification Changed(Action<Dictionary<string, string>> change)
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        var headers = Headers(bytes);
        change(headers);
        return Post(bytes, headers);
    }

    [Fact]
    public void A_refused_signature_shows_the_text_that_should_have_been_signed()
    {
        var raw = WeChatPayV3Fixture.Signed("{\"a\":1}");
        var tampered = raw with { Body = Encoding.UTF8.GetBytes("{\"a\":2}") };

        var trace = Assert.IsType<Verification.Rejected>(WeChatPayV3Fixture.Open().Verify(tampered)).Trace;

        var text = trace.Single(step => step.Step == TraceSteps.SignedText).Values?["text"];
        Assert.Equal($"{raw.Header("wechatpay-timestamp")}⏎\n{raw.Header("wechatpay-nonce")}⏎\n{{\"a\":2}}⏎", text);
    }
}
