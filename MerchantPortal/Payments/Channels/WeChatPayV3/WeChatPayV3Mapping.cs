using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// From the gateway's words to ours, the same for notifications and answers to queries. Content that contradicts an order is told
/// as it stands: the state machine judges it.
/// </summary>
internal static class WeChatPayV3Mapping
{
    private const string Paid = "SUCCESS";

    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    internal static VerifiedNotification OfNotification(EnvelopeMessage envelope, JsonElement content) => (envelope.EventType, envelope.OriginalType) switch
    {
        ("TRANSACTION.SUCCESS", "transaction") => OfPaidNotice(TransactionMessage.Read(content), envelope.Id),
        ("REFUND.SUCCESS", "refund") => OfRefund(RefundMessage.Read(content), Paid, NotificationKind.RefundSucceeded, envelope.Id),
        ("REFUND.ABNORMAL", "refund") => OfRefund(RefundMessage.Read(content), "ABNORMAL", NotificationKind.RefundAbnormal, envelope.Id),
        ("REFUND.CLOSED", "refund") => OfRefund(RefundMessage.Read(content), "CLOSED", NotificationKind.RefundClosed, envelope.Id),
        _ => OfTransaction(TransactionMessage.Read(content), NotificationSource.Notification, envelope.Id) with { Kind = NotificationKind.Unrecognized },
    };

    /// <summary>See https://pay.weixin.qq.com/doc/v3/merchant/4013070356.</summary>
    internal static VerifiedNotification OfTransaction(TransactionMessage told, NotificationSource source, string? messageId)
    {
        var kind = KindOf(told.TradeState);
        return new()
        {
            Kind = kind,
            Source = source,
            MessageId = messageId,
            OutTradeNo = told.OutTradeNo,
            ChannelTransactionId = told.TransactionId,
            Amount = told.Total,
            // An order that nobody paid may come without its currency; money must not.
            Currency = told.Currency ?? (kind is NotificationKind.PaymentPending or NotificationKind.PaymentClosed ? null : ""),
            AppId = told.AppId ?? "",
            MerchantId = told.MchId ?? "",
            OccurredAt = Time(told.SuccessTime),
            PayerMasked = Mask.Payer(told.OpenId),
        };
    }

    private static NotificationKind KindOf(string? tradeState) => tradeState switch
    {
        Paid => NotificationKind.PaymentSucceeded,
        // Only queries say so: paid, and given back since in whole or part.
        "REFUND" => NotificationKind.PaymentSucceeded,
        "NOTPAY" or "USERPAYING" or "PAYERROR" => NotificationKind.PaymentPending,
        "CLOSED" or "REVOKED" => NotificationKind.PaymentClosed,
        _ => NotificationKind.Unrecognized,
    };

    private static VerifiedNotification OfPaidNotice(TransactionMessage told, string? messageId)
    {
        var notification = OfTransaction(told, NotificationSource.Notification, messageId);
        return told.TradeState == Paid ? notification : notification with { Kind = NotificationKind.Unrecognized };
    }

    private static VerifiedNotification OfRefund(RefundMessage told, string expectedStatus, NotificationKind kind, string? messageId) => new()
    {
        Kind = told.RefundStatus == expectedStatus ? kind : NotificationKind.Unrecognized,
        Source = NotificationSource.Notification,
        MessageId = messageId,
        OutTradeNo = told.OutTradeNo,
        ChannelTransactionId = told.TransactionId,
        Amount = told.Total,
        MerchantId = told.MchId ?? "",
        OccurredAt = Time(told.SuccessTime),
        Refund = new(told.OutRefundNo, told.RefundId, told.Refund, TotalRefunded: null),
    };

    /// <summary>See https://pay.weixin.qq.com/doc/v3/merchant/4012556527.</summary>
    /// <returns>Null for a status that is not known, or that has not ended.</returns>
    internal static VerifiedNotification? OfRefundAnswer(RefundMessage told) => told.RefundStatus switch
    {
        Paid => Answered(told, Paid, NotificationKind.RefundSucceeded),
        "ABNORMAL" => Answered(told, "ABNORMAL", NotificationKind.RefundAbnormal),
        "CLOSED" => Answered(told, "CLOSED", NotificationKind.RefundClosed),
        _ => null,
    };

    /// <summary>An answer does not repeat whom it answers.</summary>
    private static VerifiedNotification Answered(RefundMessage told, string status, NotificationKind kind) =>
        OfRefund(told, status, kind, messageId: null) with { Source = NotificationSource.Query, MerchantId = null };

    /// <summary>RFC 3339 with an offset; a time without one could mean two moments and is not taken.</summary>
    private static DateTimeOffset? Time(string? text) =>
        text is { Length: > 6 } && (text[^1] == 'Z' || text[^6] is '+' or '-')
        && DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToUniversalTime()
            : null;
}
