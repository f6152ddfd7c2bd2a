using System.Globalization;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Writes the steps of one verification. Payer fields are masked by their names before anything is joined.</summary>
internal sealed class AlipayOpenApiTrace
{
    private const int MaxShown = 4000;

    internal static readonly HashSet<string> PayerFields = new(StringComparer.Ordinal)
    {
        "buyer_id", "buyer_open_id", "buyer_logon_id", "buyer_user_id", "buyer_user_name", "buyer_email", "open_id", "user_id", "phone", "contactor",
    };

    private readonly List<TraceStep> _steps = [];

    public void Received(RawNotification raw) => _steps.Add(new(
        TraceSteps.Received, true, "Judged by its time of arrival; Alipay has no window of freshness, the order's state guards against repeats.",
        Values(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method))));

    public void Headers(RawNotification raw, RawForm form) => _steps.Add(new(
        TraceSteps.Headers, true, "A form with every field once.",
        Values(
            ("content_type", Short(raw.Header("content-type") ?? "")),
            ("charset", form.Charset.WebName),
            ("fields", form.Fields.Count.ToString(CultureInfo.InvariantCulture)))));

    public void KeyChosen(AlipayOpenApiKeys keys) => _steps.Add(keys.Certificates is { } certificates
        ? new(
            TraceSteps.KeyChosen, true, "The account's 支付宝公钥证书, with RSA2 as the account says.",
            Values(("fingerprint", keys.AlipayFingerprint), (AlipayWire.AlipayCertificateNumber, certificates.Alipay)))
        : new(
            TraceSteps.KeyChosen, true, "The account's 支付宝公钥, with RSA2 as the account says.", Values(("fingerprint", keys.AlipayFingerprint))));

    /// <param name="signed">Tells which of the forms of the text is meant; what is shown is written anew, with masks.</param>
    public void SignedText(RawForm form, byte[] signed)
    {
        var keepEmpty = signed.AsSpan().SequenceEqual(AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: true));
        var withSignType = !keepEmpty && !signed.AsSpan().SequenceEqual(AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false));
        var shown = form.Fields.Select(field => PayerFields.Contains(field.Name) ? field with { ValueBytes = Masked(form, field.Value) } : field);
        var text = form.Charset.GetString(AlipayOpenApiSignature.NotificationText(shown, keepEmpty || withSignType, withSignType));
        _steps.Add(new(
            TraceSteps.SignedText, true,
            keepEmpty ? "All fields but sign and sign_type, sorted by byte." : withSignType ? "All fields but sign, sorted by byte." : "The same without empty values.",
            Values(("text", Short(text)))));
    }

    public void Failed(string step, string detail) => _steps.Add(new(step, false, detail));

    public Verification Reject(string step, string reason, string detail)
    {
        Failed(step, detail);
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Diagnosed(Finding finding, string reason)
    {
        _steps.Add(new(TraceSteps.Diagnosis, false, finding.Sentence, Values(("cause", finding.Code))));
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Accept(VerifiedNotification notification, RawForm form)
    {
        _steps.Add(new(TraceSteps.Signature, true, "Signed by Alipay."));
        _steps.Add(new(
            TraceSteps.Parse, notification.Kind != NotificationKind.Unrecognized, $"Read as {notification.Kind}.",
            Values(
                ("trade_status", Short(form["trade_status"] ?? "")),
                ("out_trade_no", Short(notification.OutTradeNo ?? "")),
                ("trade_no", Short(notification.ChannelTransactionId ?? "")),
                ("total_amount", Short(form["total_amount"] ?? "")),
                ("refund_fee", Short(form["refund_fee"] ?? "")))));
        return new Verification.Accepted(notification, _steps);
    }

    private static byte[] Masked(RawForm form, string value) => value.Length == 0 ? [] : form.Charset.GetBytes(Mask.Payer(value));

    private static string Short(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";

    private static Dictionary<string, string> Values(params ReadOnlySpan<(string Name, string Value)> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            values[name] = value;
        }

        return values;
    }
}
