using System.Text;
using System.Text.Json;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

public sealed class WeChatPayV3DiagnosisTests
{
    private static readonly string Body = Envelope(Transaction().ToJsonString());

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private readonly IPaymentChannel _channel = Open();

    [Fact]
    public void A_genuine_message_has_no_diagnosis() =>
        Assert.DoesNotContain(_channel.Verify(Signed(Body)).Trace, step => step.Step == TraceSteps.Diagnosis);

    [Fact]
    public void Keys_stored_under_each_others_serials_are_named()
    {
        var channel = Open(form: Ring(
            ("AAAA", VectorFile.Key("v3_platform_2.public_pem")), (PublicKeyId, VectorFile.Key("v3_platform.public_pem"))));
        Assert.Contains(PublicKeyId, Diagnose(channel, Signed(Body, "AAAA"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);
        Assert.Contains("correct the serials", Diagnose(channel, Signed(Body, "BBBB"), RejectionReasons.UnknownKey), StringComparison.Ordinal);
    }

    [Fact]
    public void The_merchants_own_key_is_named()
    {
        Assert.Contains("merchant's own", Diagnose(_channel, Signed(Body, key: "v3_merchant.private_pem"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);
        var own = Signed(Body, VectorFile.Key("v3_merchant.serial"), "v3_merchant.private_pem");
        Assert.Contains("merchant's own", Diagnose(_channel, own, RejectionReasons.UnknownKey), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_serial_asks_for_the_new_key_where_it_is_not_downloaded()
    {
        Assert.Contains("being downloaded", Diagnose(_channel, Signed(Body, "CAFE", "attacker.private_pem"), RejectionReasons.UnknownKey), StringComparison.Ordinal);
        var publicKeyOnly = Open(form: Ring((PublicKeyId, VectorFile.Key("v3_platform.public_pem"))));
        Assert.Contains("add the public key", Diagnose(publicKeyOnly, Signed(Body, "CAFE", "attacker.private_pem"), RejectionReasons.UnknownKey), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_was_written_again_is_named()
    {
        var pretty = JsonSerializer.Serialize(JsonDocument.Parse(Body), Indented);
        var spaced = Body.Replace("\":", "\": ", StringComparison.Ordinal).Replace(",\"", ", \"", StringComparison.Ordinal);
        Assert.Contains("blanks were added", Altered(Body, pretty), StringComparison.Ordinal);
        Assert.Contains("blanks were added", Altered(Body, spaced), StringComparison.Ordinal);
        Assert.Contains("indentation was dropped", Altered(pretty, Body), StringComparison.Ordinal);
        Assert.Contains("commas and colons were dropped", Altered(spaced, Body), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_line_ends_are_named()
    {
        var lines = Body.Replace(",", ",\n", StringComparison.Ordinal);
        var windows = Body.Replace(",", ",\r\n", StringComparison.Ordinal);
        Assert.Contains("cut off", Altered(Body + "\n", Body), StringComparison.Ordinal);
        Assert.Contains("added to the body", Altered(Body, Body + "\r\n"), StringComparison.Ordinal);
        Assert.Contains("LF to CRLF", Altered(lines, windows), StringComparison.Ordinal);
        Assert.Contains("CRLF to LF", Altered(windows, lines), StringComparison.Ordinal);
        Assert.Contains("byte order mark", Altered(Body, "\uFEFF" + Body), StringComparison.Ordinal);
        Assert.Contains("lost", Altered("", Body), StringComparison.Ordinal);
    }

    [Fact]
    public void Exchanged_timestamp_and_nonce_are_named()
    {
        var headers = Headers(Encoding.UTF8.GetBytes(Body));
        headers["wechatpay-signature"] = Sign(Encoding.UTF8.GetBytes($"{headers["wechatpay-nonce"]}\n{headers["wechatpay-timestamp"]}\n{Body}\n"));
        Assert.Contains("exchanged", Diagnose(_channel, Post(Encoding.UTF8.GetBytes(Body), headers), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_changed_on_the_way_is_named()
    {
        var raw = Signed(Body);
        Func<string, string>[] changes = [text => text.Insert(40, " "), text => text.Replace('+', '-').Replace('/', '_'), text => text.TrimEnd('=')];
        Assert.All(changes, change => Assert.Contains(
            "base64 text is mended", Diagnose(_channel, With(raw, "wechatpay-signature", change(raw.Headers["wechatpay-signature"])), RejectionReasons.SignatureInvalid), StringComparison.Ordinal));
        Assert.Contains("not base64", Diagnose(_channel, With(raw, "wechatpay-signature", "!?"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gateways_probe_raises_no_alarm() => Assert.Contains(
        "probe", Diagnose(_channel, With(Signed(Body), "wechatpay-signature", "WECHATPAY/SIGNTEST/AAAA"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);

    [Fact]
    public void A_late_but_genuine_message_is_told_from_a_forged_one()
    {
        var late = Signed(Body) with { ReceivedAt = Now.AddHours(1) };
        Assert.Contains("signature is genuine", Diagnose(_channel, late, RejectionReasons.Stale), StringComparison.Ordinal);
        var forged = Signed(Body, key: "attacker.private_pem") with { ReceivedAt = Now.AddHours(1) };
        Assert.Contains("No usual mistake", Diagnose(_channel, forged, RejectionReasons.SignatureInvalid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_body_is_named() => Assert.Contains(
        "gzip", Diagnose(_channel, With(Signed(Body) with { Body = new byte[] { 0x1F, 0x8B } }, "content-encoding", "gzip"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);

    [Fact]
    public void A_forgery_is_explained_by_nothing() =>
        Assert.Contains("No usual mistake", Diagnose(_channel, Signed(Body, key: "attacker.private_pem"), RejectionReasons.SignatureInvalid), StringComparison.Ordinal);

    private string Altered(string signed, string arrived) => Diagnose(
        _channel, Post(Encoding.UTF8.GetBytes(arrived), Headers(Encoding.UTF8.GetBytes(signed))), RejectionReasons.SignatureInvalid);

    private static string Diagnose(IPaymentChannel channel, RawNotification raw, string reason)
    {
        var last = Rejected(channel.Verify(raw), reason).Trace[^1];
        Assert.Equal((TraceSteps.Diagnosis, false), (last.Step, last.Ok));
        return last.Detail;
    }

    private static RawNotification With(RawNotification raw, string header, string value) =>
        raw with { Headers = new Dictionary<string, string>(raw.Headers) { [header] = value } };
}
