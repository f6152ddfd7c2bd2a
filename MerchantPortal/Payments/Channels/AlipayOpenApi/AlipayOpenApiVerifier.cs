using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Proves that a form comes from Alipay, step by step, and reads it. The algorithm is ours to choose, never the message's.</summary>
internal sealed class AlipayOpenApiVerifier(AlipayOpenApiKeys keys)
{
    /// <summary>Both of Alipay's interfaces post plain forms.</summary>
    internal static readonly PlainPost Transport = new("Alipay posts; any other method is not a notification.")
    {
        MediaType = "application/x-www-form-urlencoded",
        OtherMediaType = "The body is not a form.",
    };

    public Verification Verify(RawNotification raw)
    {
        var trace = new AlipayOpenApiTrace();
        trace.Received(raw);
        if (raw.TooLarge)
        {
            return trace.Reject(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        if (Transport.Refusal(raw) is { } refusal)
        {
            return trace.Reject(TraceSteps.Headers, RejectionReasons.MalformedRequest, refusal);
        }

        return RawForm.Read(raw.Body.Span) switch
        {
            RawFormResult.Parsed parsed => Verify(parsed.Form, raw, trace),
            RawFormResult.Refused refused => trace.Reject(TraceSteps.Headers, refused.Reason, refused.Detail),
            _ => throw new InvalidOperationException("A form is either read or refused."),
        };
    }

    private Verification Verify(RawForm form, RawNotification raw, AlipayOpenApiTrace trace)
    {
        trace.Headers(raw, form);
        trace.KeyChosen(keys);
        if (form.ValueOf(AlipayWire.Sign).IsEmpty)
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, "The form has no sign, or an empty one.");
        }

        if (form[AlipayWire.SignType] != AlipayOpenApiSignature.Algorithm)
        {
            trace.SignedText(form, SignedShape.Usual);
            trace.Failed(TraceSteps.Signature, "The sign_type is not RSA2, the only algorithm that this account accepts.");
            return trace.Diagnosed(AlipayOpenApiDiagnosis.Of(form, keys), RejectionReasons.UnsupportedAlgorithm);
        }

        if (keys.Certificates is { } certificates && form[AlipayWire.AlipayCertificateNumber] is { } named && named != certificates.Alipay)
        {
            return trace.Reject(
                TraceSteps.Signature, RejectionReasons.UnknownKey, "Signed under another certificate than the account's: download alipayCertPublicKey_RSA2.crt again.");
        }

        if (SignedAs(form) is not { } shape)
        {
            trace.SignedText(form, SignedShape.Usual);
            trace.Failed(TraceSteps.Signature, "The signature does not belong to these bytes and this key.");
            return trace.Diagnosed(AlipayOpenApiDiagnosis.Of(form, keys), RejectionReasons.SignatureInvalid);
        }

        trace.SignedText(form, shape);
        return trace.Accept(AlipayOpenApiMessages.FromNotification(form), form);
    }

    /// <returns>The shape of the text that was signed; null when none that Alipay uses has this signature.</returns>
    private SignedShape? SignedAs(RawForm form)
    {
        Span<byte> signature = stackalloc byte[AlipayOpenApiSignature.MaxBytes];
        if (!AlipayOpenApiSignature.TryReadBase64(form.ValueOf(AlipayWire.Sign), signature, out var length))
        {
            return null;
        }

        foreach (var shape in Shapes(form))
        {
            if (AlipayOpenApiSignature.Verify(keys.Alipay, form, shape, signature[..length]))
            {
                return shape;
            }
        }

        return null;
    }

    private static IEnumerable<SignedShape> Shapes(RawForm form)
    {
        yield return SignedShape.Usual;
        if (form.HasEmpty)
        {
            yield return new(KeepsEmpty: false, WithSignType: false);
        }

        // Messages that are not of payments may sign sign_type too; read as payments they never are.
        if (form[AlipayWire.NotifyType] is not (null or AlipayWire.TradeStatusSync))
        {
            yield return new(KeepsEmpty: true, WithSignType: true);
        }
    }
}
