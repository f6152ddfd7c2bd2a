using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>Proves that a form was signed with the account's key, step by step, and reads it. The first of two checks; the second asks Alipay.</summary>
internal sealed class AlipayMapiVerifier(AlipayMapiSignature signature, AlipayMapiMessages messages)
{
    public Verification Verify(RawNotification raw)
    {
        var trace = new AlipayMapiTrace();
        trace.Received(raw);
        if (raw.TooLarge)
        {
            return trace.Reject(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        if (AlipayOpenApiVerifier.Transport.Refusal(raw) is { } refusal)
        {
            return trace.Reject(TraceSteps.Headers, RejectionReasons.MalformedRequest, refusal);
        }

        return RawForm.Read(raw.Body.Span, MapiWire.InputCharset, HeaderCharset(raw)) switch
        {
            RawFormResult.Parsed parsed => Verify(parsed.Form, raw, trace),
            RawFormResult.Refused refused => trace.Reject(TraceSteps.Headers, refused.Reason, refused.Detail),
            _ => throw new InvalidOperationException("A form is either read or refused."),
        };
    }

    private Verification Verify(RawForm form, RawNotification raw, AlipayMapiTrace trace)
    {
        trace.Headers(raw, form);
        trace.KeyChosen(signature);
        if (form[MapiWire.Sign] is not { } sign)
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, "The form has no sign, or an empty one.");
        }

        trace.SignedText(form);
        var text = AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false);
        if (form[MapiWire.SignType] != signature.Name)
        {
            trace.Failed(TraceSteps.Signature, "The sign_type is not the account's.");
            return trace.Diagnosed(AlipayMapiDiagnosis.Of(form, sign, signature), RejectionReasons.UnsupportedAlgorithm);
        }

        if (!signature.Verify(text, sign))
        {
            trace.Failed(TraceSteps.Signature, "The signature does not belong to these bytes and this key.");
            return trace.Diagnosed(AlipayMapiDiagnosis.Of(form, sign, signature), RejectionReasons.SignatureInvalid);
        }

        return trace.Accept(messages.FromNotification(form), form);
    }

    /// <summary>Messages of this interface rarely name their charset in a field; the header does.</summary>
    private static string HeaderCharset(RawNotification raw)
    {
        const string Name = "charset=";
        var header = raw.Header("content-type") ?? "";
        var at = header.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : header[(at + Name.Length)..].Split(';')[0].Trim(' ', '"');
    }
}
