using System.Globalization;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>Writes the steps of one verification. Payer fields are masked by their names before anything is joined.</summary>
internal sealed class AlipayMapiTrace
{
    private const int MaxShown = 4000;

    private readonly List<TraceStep> _steps = [];

    public void Received(RawNotification raw) => _steps.Add(new(
        TraceSteps.Received, true, "Judged by its time of arrival; Alipay is asked whether it stands by the message.",
        TraceValues.Of(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method))));

    public void Headers(RawNotification raw, RawForm form) => _steps.Add(new(
        TraceSteps.Headers, true, "A form with every field once.",
        TraceValues.Of(
            ("content_type", Short(raw.Header("content-type") ?? "")),
            ("charset", form.Charset.WebName),
            ("fields", form.Fields.Count.ToString(CultureInfo.InvariantCulture)))));

    public void KeyChosen(AlipayMapiSignature signature) => _steps.Add(new(
        TraceSteps.KeyChosen, true, "The account's own way of signing; the message does not choose it.",
        TraceValues.Of((MapiWire.SignType, signature.Name), ("fingerprint", signature.Fingerprint))));

    public void SignedText(RawForm form)
    {
        var shown = form.Fields.Select(field => AlipayOpenApiTrace.PayerFields.Contains(field.Name) && field.Value.Length > 0
            ? field with { ValueBytes = form.Charset.GetBytes(Mask.Payer(field.Value)) }
            : field);
        _steps.Add(new(
            TraceSteps.SignedText, true, "All fields with a value but sign and sign_type, sorted by byte.",
            TraceValues.Of(("text", Short(form.Charset.GetString(AlipayOpenApiSignature.NotificationText(shown, keepEmpty: false)))))));
    }

    public void Failed(string step, string detail) => _steps.Add(new(step, false, detail));

    public Verification Reject(string step, string reason, string detail)
    {
        Failed(step, detail);
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Diagnosed(Finding finding, string reason)
    {
        _steps.Add(new(TraceSteps.Diagnosis, false, finding.Sentence, TraceValues.Of(("cause", finding.Code))));
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Accept(VerifiedNotification notification, RawForm form)
    {
        _steps.Add(new(TraceSteps.Signature, true, "Signed with the account's key."));
        _steps.Add(new(
            TraceSteps.Parse, notification.Kind != NotificationKind.Unrecognized, $"Read as {notification.Kind}.",
            TraceValues.Of(
                ("trade_status", Short(form["trade_status"] ?? "")),
                ("out_trade_no", Short(notification.OutTradeNo ?? "")),
                ("trade_no", Short(notification.ChannelTransactionId ?? "")),
                ("total_fee", Short(form["total_fee"] ?? "")),
                ("refund_status", Short(form["refund_status"] ?? "")))));
        return new Verification.Accepted(notification, _steps);
    }

    private static string Short(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
