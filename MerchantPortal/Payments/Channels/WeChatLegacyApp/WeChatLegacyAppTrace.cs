using System.Globalization;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Writes the steps of one verification. The payer's name is masked by its field before anything is joined.</summary>
internal sealed class WeChatLegacyAppTrace
{
    private const int MaxShown = 4000;
    private const string BuyerAlias = "buyer_alias";

    private readonly List<TraceStep> _steps = [];

    public void Received(RawNotification raw) => _steps.Add(new(
        TraceSteps.Received, true, "Judged by its time of arrival; this interface has no window of freshness, the order's state guards against repeats.",
        TraceValues.Of(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method))));

    public void Fields(RawForm form) => _steps.Add(new(
        TraceSteps.Headers, true, "The message stands in the address, with every field once.",
        TraceValues.Of(("input_charset", form.Charset.WebName), ("fields", form.Fields.Count.ToString(CultureInfo.InvariantCulture)))));

    public void KeyChosen(string fingerprint) => _steps.Add(new(
        TraceSteps.KeyChosen, true, "The account's partnerKey, with MD5 as this interface has it.", TraceValues.Of(("fingerprint", fingerprint))));

    public void SignedText(RawForm form)
    {
        var shown = form.Fields.Select(field => field.Name == BuyerAlias && field.Value.Length > 0
            ? field with { ValueBytes = form.Charset.GetBytes(Mask.Payer(field.Value)) }
            : field);
        _steps.Add(new(
            TraceSteps.SignedText, true, "All fields of the address but sign and empty ones, sorted by byte.",
            TraceValues.Of(("text", Short(form.Charset.GetString(WeChatLegacyAppSignature.NotificationText(shown)))))));
    }

    public void Proven() => _steps.Add(new(TraceSteps.Signature, true, "Signed with the partnerKey."));

    public void Body(string sentence) => _steps.Add(new(TraceSteps.Signature, true, sentence));

    public void Failed(string step, string detail) => _steps.Add(new(step, false, detail));

    public Verification Reject(string step, string reason, string detail)
    {
        Failed(step, detail);
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Diagnosed(Finding finding)
    {
        _steps.Add(new(TraceSteps.Diagnosis, false, finding.Sentence, TraceValues.Of(("cause", finding.Code))));
        return new Verification.Rejected(RejectionReasons.SignatureInvalid, SignatureValid: false, _steps);
    }

    public Verification Accept(VerifiedNotification notification, RawForm form)
    {
        _steps.Add(new(
            TraceSteps.Parse, notification.Kind != NotificationKind.Unrecognized, $"Read as {notification.Kind}.",
            TraceValues.Of(
                (WeChatLegacyAppWire.TradeState, Short(form[WeChatLegacyAppWire.TradeState])),
                (WeChatLegacyAppWire.OutTradeNo, Short(notification.OutTradeNo)),
                (WeChatLegacyAppWire.TransactionId, Short(notification.ChannelTransactionId)),
                (WeChatLegacyAppWire.TotalFee, Short(form[WeChatLegacyAppWire.TotalFee])))));
        return new Verification.Accepted(notification, _steps);
    }

    private static string? Short(string? text) => text is null || text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
