using System.Globalization;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>
/// The way of one notification from bytes to a message: safe XML, then the signature, or for refunds the seal. Each step leaves its
/// line in the trace. One instance per message.
/// </summary>
internal sealed class WeChatPayV2Verification(WeChatPayV2Account account, RawNotification raw)
{
    private const int MaxShown = 4000;

    private static readonly PlainPost Transport = new("WeChat Pay posts; any other method is not a notification.");

    private static readonly HashSet<string> PayerFields = new(StringComparer.Ordinal) { WeChatWire.OpenId, "sub_openid", "refund_recv_accout" };

    private readonly List<TraceStep> _trace = new(8);

    internal Verification Run()
    {
        if (raw.TooLarge)
        {
            return Reject(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        _trace.Add(new(
            TraceSteps.Received, true, "Judged by its content alone: this protocol signs no time, so an old message stays valid and only the order's state guards against repeats.",
            TraceValues.Of(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method), ("content_type", Short(raw.Header("content-type"))))));
        return Transport.Refusal(raw) is { } refusal
            ? Reject(TraceSteps.Headers, RejectionReasons.MalformedRequest, refusal)
            : FlatXml.Read(raw.Body, WeChatWire.Root) switch
            {
                FlatXmlResult.Parsed(var xml) => Authenticate(xml),
                FlatXmlResult.Refused refused => Reject(TraceSteps.Headers, refused.Reason, refused.Detail),
                _ => throw new InvalidOperationException("XML is either read or refused."),
            };
    }

    private Verification Authenticate(FlatXml xml)
    {
        _trace.Add(new(TraceSteps.Headers, true, "Flat XML with every field once.", TraceValues.Of(("fields", xml.Fields.Count.ToString(CultureInfo.InvariantCulture)))));
        _trace.Add(new(
            TraceSteps.KeyChosen, true, "The account's API key, with the algorithm that the account says.",
            TraceValues.Of(("fingerprint", account.KeyFingerprint), ("sign_type", account.SignType))));
        var sealedPart = xml[WeChatWire.ReqInfo];
        if (xml[WeChatWire.Sign] is null && (sealedPart is null || xml[WeChatWire.ReturnCode] != WeChatWire.Success))
        {
            return Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, "The message has neither a sign nor the sealed part of a refund notification.");
        }

        // A message that brings a signature must have a right one, whatever else it brings.
        return xml[WeChatWire.Sign] is { } sign && SignatureFault(xml, sign) is { } fault ? fault
            : sealedPart is not null ? Open(xml, sealedPart)
            : Accept(WeChatPayV2Mapping.OfNotification(xml), xml);
    }

    /// <returns>Null when the fields are signed with this account's key and algorithm.</returns>
    private Verification.Rejected? SignatureFault(FlatXml xml, string sign)
    {
        var named = xml[WeChatWire.SignType];
        var isOther = named is not null && named != account.SignType;
        if (!isOther && account.Digest.Verify(WeChatPayV2Account.SignedText(xml.Fields), sign))
        {
            SignedText(xml);
            _trace.Add(new(TraceSteps.Signature, true, "Signed with the account's key."));
            return null;
        }

        SignedText(xml);
        _trace.Add(new(TraceSteps.Signature, false, isOther
            ? "The message names another sign_type than the one that this account accepts."
            : "The sign does not belong to these fields and this key."));
        var (code, sentence) = WeChatPayV2Diagnosis.Of(xml, sign, account);
        _trace.Add(new(TraceSteps.Diagnosis, false, sentence, TraceValues.Of(("cause", code))));
        return new(isOther ? RejectionReasons.UnsupportedAlgorithm : RejectionReasons.SignatureInvalid, SignatureValid: false, _trace);
    }

    private Verification Open(FlatXml xml, string sealedPart)
    {
        if (WeChatPayV2Refunds.Open(sealedPart, account.RefundKey) is not { } bytes)
        {
            return Reject(TraceSteps.Decrypt, RejectionReasons.DecryptFailed, "req_info does not open with this account's API key.");
        }

        if (FlatXml.Read(bytes, WeChatWire.SealedRoot) is not FlatXmlResult.Parsed(var opened))
        {
            return Reject(TraceSteps.Decrypt, RejectionReasons.DecryptFailed, "What req_info holds is not the XML of a refund: it was sealed with another key, or put together by somebody.");
        }

        _trace.Add(new(TraceSteps.Decrypt, true, "Opened with the API key. This seal proves nothing by itself: the gateway is asked before anything is booked.", TraceValues.Of(
            (WeChatWire.OutRefundNo, Short(opened[WeChatWire.OutRefundNo])),
            (WeChatWire.RefundId, Short(opened[WeChatWire.RefundId])),
            (WeChatWire.RefundFee, Short(opened[WeChatWire.RefundFee])),
            (WeChatWire.RefundStatus, Short(opened[WeChatWire.RefundStatus])))));
        return Accept(WeChatPayV2Mapping.OfRefund(xml, opened), opened);
    }

    private Verification.Accepted Accept(VerifiedNotification notification, FlatXml told)
    {
        _trace.Add(new(TraceSteps.Parse, notification.Kind != NotificationKind.Unrecognized,
            notification.Kind == NotificationKind.Unrecognized ? "Genuine, but of a kind or state that is not known, or at odds with itself." : "Read.",
            TraceValues.Of(
                ("kind", notification.Kind.ToString()),
                (WeChatWire.OutTradeNo, Short(notification.OutTradeNo)),
                (WeChatWire.TransactionId, Short(notification.ChannelTransactionId)),
                (WeChatWire.TotalFee, Short(told[WeChatWire.TotalFee])),
                ("payer", notification.PayerMasked))));
        return new(notification, _trace);
    }

    /// <summary>What is shown is written anew, with the payer masked and without the key.</summary>
    private void SignedText(FlatXml xml)
    {
        var shown = xml.Fields.Select(field => PayerFields.Contains(field.Key) && field.Value.Length > 0 ? new(field.Key, Mask.Payer(field.Value)) : field);
        _trace.Add(new(
            TraceSteps.SignedText, true, "All fields with a value but sign, sorted by byte, then the key.",
            TraceValues.Of(("text", Short(WeChatPayV2Account.SignedText(shown)) + WeChatWire.KeyGlue + "****"))));
    }

    private Verification.Rejected Reject(string step, string reason, string detail)
    {
        _trace.Add(new(step, false, detail));
        return new(reason, SignatureValid: false, _trace);
    }

    private static string? Short(string? text) => text is { Length: > MaxShown } ? text[..MaxShown] + "…" : text;
}
