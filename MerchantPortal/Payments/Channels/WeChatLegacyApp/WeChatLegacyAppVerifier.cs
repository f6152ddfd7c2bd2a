using System.Text;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>
/// Proves a notification. The money stands in the address, signed by Tenpay with the partnerKey; the body names app and payer and is
/// signed by WeChat with the paySignKey. A body without a signature tells nothing; one with a wrong signature spoils the message.
/// </summary>
internal sealed class WeChatLegacyAppVerifier(WeChatLegacyAppKeys keys)
{
    private static readonly PlainPost Transport = new("WeChat posts; any other method is not a notification.");

    public Verification Verify(RawNotification raw)
    {
        var trace = new WeChatLegacyAppTrace();
        trace.Received(raw);
        if (raw.TooLarge)
        {
            return trace.Reject(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        if (Transport.Refusal(raw) is { } refusal)
        {
            return trace.Reject(TraceSteps.Headers, RejectionReasons.MalformedRequest, refusal);
        }

        return Fields(raw) switch
        {
            RawFormResult.Parsed parsed => VerifyAddress(parsed.Form, raw, trace),
            RawFormResult.Refused refused => trace.Reject(TraceSteps.Headers, refused.Reason, refused.Detail),
            _ => throw new InvalidOperationException("Fields are either read or refused."),
        };
    }

    /// <returns>The payer that a signed body names; null when it names none.</returns>
    public string? ReadOpenId(RawNotification raw) => WeChatLegacyAppBody.Read(raw.Body, keys) is WeChatLegacyAppBody.Proven body ? body.OpenId : null;

    private static RawFormResult Fields(RawNotification raw) =>
        RawForm.Read(Encoding.UTF8.GetBytes(raw.QueryString.TrimStart('?')), WeChatLegacyAppWire.Charset);

    private Verification VerifyAddress(RawForm form, RawNotification raw, WeChatLegacyAppTrace trace)
    {
        trace.Fields(form);
        trace.KeyChosen(keys.PartnerFingerprint);
        if (form[WeChatLegacyAppWire.Sign] is not { } sign)
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, "The address has no sign, or an empty one.");
        }

        trace.SignedText(form);
        if (form[WeChatLegacyAppWire.SignType] is not (null or "MD5"))
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.UnsupportedAlgorithm, "The sign_type is not MD5, the only one of this interface.");
        }

        if (!keys.Partner.Verify(WeChatLegacyAppSignature.NotificationText(form.Fields), sign.ToUpperInvariant()))
        {
            trace.Failed(TraceSteps.Signature, "The signature does not belong to these fields and this key.");
            return trace.Diagnosed(WeChatLegacyAppDiagnosis.Of(form, sign.ToUpperInvariant(), keys));
        }

        trace.Proven();
        return VerifyBody(form, raw, trace);
    }

    private Verification VerifyBody(RawForm form, RawNotification raw, WeChatLegacyAppTrace trace)
    {
        var notification = WeChatLegacyAppTrade.Read(name => form[name], NotificationSource.Notification);
        switch (WeChatLegacyAppBody.Read(raw.Body, keys))
        {
            case WeChatLegacyAppBody.Proven body:
                trace.Body("The body is signed with the paySignKey.");
                return trace.Accept(notification with { AppId = body.AppId, PayerMasked = Mask.Payer(body.OpenId) }, form);
            case WeChatLegacyAppBody.Unsigned:
                trace.Body("The body is not signed; what it says is not believed. The money stands in the address.");
                return trace.Accept(notification, form);
            case WeChatLegacyAppBody.Forged:
                return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureInvalid,
                    "The address is signed, but the body's AppSignature does not fit the paySignKey: compare that key, then verify again.");
            case WeChatLegacyAppBody.Unreadable unreadable:
                return trace.Reject(TraceSteps.Parse, unreadable.Reason, unreadable.Detail);
            default:
                throw new InvalidOperationException("A body is proven, unsigned, forged or unreadable.");
        }
    }
}
