using System.Globalization;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// Verifies and reads a payment webhook. Its digest covers number, type, channel and fee; <c>trade_success</c>, the channel's own
/// number, <c>message_detail</c> and <c>optional</c> are anybody's word.
/// </summary>
internal sealed class BeeCloudPaymentWebhook(BeeCloudKeys keys)
{
    public Verification Verify(BeeCloudJson json, BeeCloudTrace trace)
    {
        if (json.Text("signature") is not { Length: > 0 } signature)
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, json.Has("sign")
                ? "A sign without a signature: the subscription's scheme does not count at the payment address."
                : "The message has no signature, or an empty one.");
        }

        // Before hashing: the digest has no separators, so only known words make it say one thing.
        if (Signed.Read(json) is not { } signed)
        {
            return trace.Reject(TraceSteps.Parse, RejectionReasons.MalformedRequest, "A signed field is missing, or is not one of the values it may have.");
        }

        trace.Step(TraceSteps.KeyChosen, "The account's Master Secret.", ("fingerprint", Mask.Fingerprint(System.Text.Encoding.UTF8.GetBytes(keys.MasterSecret))));
        trace.Step(TraceSteps.SignedText, "App ID, number, type, channel and fee, glued together; the Master Secret follows.", ("text", signed.Text(keys.AppId)));
        if (!BeeCloudSignature.Matches(signed.Digest(keys), signature))
        {
            trace.Failed(TraceSteps.Signature, "The signature does not belong to these fields and this Master Secret.");
            return trace.Diagnosed(RejectionReasons.SignatureInvalid, Diagnose(signed, signature));
        }

        trace.Step(TraceSteps.Signature, "Signed with the account's Master Secret.");
        return signed.FeeIsText
            ? trace.Reject(TraceSteps.Parse, RejectionReasons.NotParsable, "The fee is text where BeeCloud sends a number.", signatureValid: true)
            : Read(json, signed, trace);
    }

    private Verification Read(BeeCloudJson json, Signed signed, BeeCloudTrace trace)
    {
        if (json.Flag("trade_success") is not { } succeeded)
        {
            return trace.Reject(TraceSteps.Parse, RejectionReasons.NotParsable, "trade_success is neither true nor false.", signatureValid: true);
        }

        var isPayment = signed.Type == BeeCloudWire.Pay;
        var channelNumber = json.Text("channel_transaction_id");
        var fee = long.Parse(signed.Fee, CultureInfo.InvariantCulture);
        var notification = new VerifiedNotification
        {
            Kind = Kind(signed.Type, succeeded),
            Source = NotificationSource.Notification,
            OutTradeNo = isPayment ? signed.Number : null,
            ChannelTransactionId = isPayment && channelNumber is { Length: > 0 and <= 64 } ? channelNumber : null,
            TransactionIsUnsigned = !keys.ConfirmsByQuery,
            Amount = isPayment ? fee : null,
            OmitsTotal = !isPayment,
            AppId = keys.AppId,
            Refund = signed.Type == BeeCloudWire.Refund ? new RefundFact(signed.Number, ChannelRefundId: null, fee, TotalRefunded: null) : null,
        };
        trace.Step(TraceSteps.Parse, $"Read as {notification.Kind}.", ("transaction_type", signed.Type), ("transaction_id", signed.Number),
            ("channel_type", signed.Channel), ("transaction_fee", signed.Fee), ("trade_success", succeeded ? "true" : "false"),
            ("channel_transaction_id", channelNumber));
        return trace.Accept(notification);
    }

    private static NotificationKind Kind(string type, bool succeeded) => type switch
    {
        BeeCloudWire.Pay => succeeded ? NotificationKind.PaymentSucceeded : NotificationKind.PaymentPending,
        BeeCloudWire.Refund => succeeded ? NotificationKind.RefundSucceeded : NotificationKind.RefundAbnormal,
        BeeCloudWire.Transfer => NotificationKind.Unrelated,
        _ => NotificationKind.Unrecognized,
    };

    private (string Code, string Sentence) Diagnose(Signed signed, string signature) =>
        BeeCloudSignature.Matches(signed.Digest(keys with { MasterSecret = keys.AppSecret }), signature)
            ? ("app_secret", "It fits the App Secret: whoever sent it signs with the wrong one of the two secrets.")
        : BeeCloudSignature.Matches(signed.Digest(keys), signature.ToLowerInvariant())
            ? ("upper_case", "It would fit in lower case, which is how BeeCloud writes it.")
        : ("unknown", "No usual mistake explains it: another secret, a changed field, or a forgery.");

    /// <summary>The fields under the digest, each one of the values that it may have.</summary>
    /// <param name="Fee">分, as they stand in the message.</param>
    private sealed record Signed(string Number, string Type, string Channel, string Fee, bool FeeIsText)
    {
        public static Signed? Read(BeeCloudJson json)
        {
            var (token, text) = (json.NumberToken("transaction_fee"), json.Text("transaction_fee"));
            return json.Text("transaction_id") is { } number && BeeCloudWire.Number().IsMatch(number)
                && json.Text("transaction_type") is { } type && BeeCloudWire.SignedTypes.Contains(type)
                && json.Text("channel_type") is { } channel && BeeCloudWire.SignedChannels.Contains(channel)
                && (token ?? text) is { } fee && BeeCloudWire.Fen().IsMatch(fee)
                ? new Signed(number, type, channel, fee, FeeIsText: token is null)
                : null;
        }

        public string Text(string appId) => BeeCloudSignature.PaymentWebhookText(appId, Number, Type, Channel, Fee);

        public string Digest(BeeCloudKeys keys) => BeeCloudSignature.PaymentWebhook(keys, Number, Type, Channel, Fee);
    }
}
