using System.Buffers;
using System.Globalization;
using System.Text;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Writes the steps of one verification. Payer fields are masked by their names before anything is joined.</summary>
internal sealed class AlipayOpenApiTrace
{
    private const int MaxShown = 4000;

    /// <summary>How much longer a masked value may be than the value.</summary>
    private const int MaxMask = 4;

    internal static readonly HashSet<string> PayerFields = new(StringComparer.Ordinal)
    {
        "buyer_id", "buyer_open_id", "buyer_logon_id", "buyer_user_id", "buyer_user_name", "buyer_email", "open_id", "user_id", "phone", "contactor",
    };

    private readonly List<TraceStep> _steps = new(6);

    public void Received(RawNotification raw) => _steps.Add(new(
        TraceSteps.Received, true, "Judged by its time of arrival; Alipay has no window of freshness, the order's state guards against repeats.",
        TraceValues.Of(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method))));

    public void Headers(RawNotification raw, RawForm form) => _steps.Add(new(
        TraceSteps.Headers, true, "A form with every field once.",
        TraceValues.Of(
            ("content_type", Short(raw.Header("content-type") ?? "")),
            ("charset", form.Charset.WebName),
            ("fields", form.Count.ToString(CultureInfo.InvariantCulture)))));

    public void KeyChosen(AlipayOpenApiKeys keys) => _steps.Add(keys.Certificates is { } certificates
        ? new(
            TraceSteps.KeyChosen, true, "The account's 支付宝公钥证书, with RSA2 as the account says.",
            TraceValues.Of(("fingerprint", keys.AlipayFingerprint), (AlipayWire.AlipayCertificateNumber, certificates.Alipay)))
        : new(
            TraceSteps.KeyChosen, true, "The account's 支付宝公钥, with RSA2 as the account says.", TraceValues.Of(("fingerprint", keys.AlipayFingerprint))));

    /// <param name="shape">Of the text that was signed. What is shown is written anew, with masks.</param>
    public void SignedText(RawForm form, SignedShape shape) => _steps.Add(new(
        TraceSteps.SignedText, true,
        shape.WithSignType ? "All fields but sign, sorted by byte." : shape.KeepsEmpty ? "All fields but sign and sign_type, sorted by byte." : "The same without empty values.",
        TraceValues.Of(("text", Shown(form, shape)))));

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
        _steps.Add(new(TraceSteps.Signature, true, "Signed by Alipay."));
        _steps.Add(new(
            TraceSteps.Parse, notification.Kind != NotificationKind.Unrecognized, $"Read as {notification.Kind}.",
            TraceValues.Of(
                ("trade_status", Short(form["trade_status"] ?? "")),
                ("out_trade_no", Short(notification.OutTradeNo ?? "")),
                ("trade_no", Short(notification.ChannelTransactionId ?? "")),
                ("total_amount", Short(form["total_amount"] ?? "")),
                ("refund_fee", Short(form["refund_fee"] ?? "")))));
        return new Verification.Accepted(notification, _steps);
    }

    private static string Shown(RawForm form, SignedShape shape)
    {
        var text = ArrayPool<byte>.Shared.Rent(SignedShape.MaxLength(form) + (MaxMask * form.Count));
        try
        {
            return Short(form.Charset.GetString(text, 0, shape.Write(form, text, index => Masked(form, index))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <returns>Null for a field that names no payer, or nobody.</returns>
    private static byte[]? Masked(RawForm form, int index)
    {
        foreach (var payer in PayerFields)
        {
            if (Ascii.Equals(form.NameAt(index), payer))
            {
                return form.ValueAt(index).IsEmpty ? null
                    // A mask may cut a character in two.
                    : FormEncoding.Bytes(form.Charset, Mask.Payer(form.Charset.GetString(form.ValueAt(index)))) ?? [.. "****"u8];
            }
        }

        return null;
    }

    private static string Short(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
