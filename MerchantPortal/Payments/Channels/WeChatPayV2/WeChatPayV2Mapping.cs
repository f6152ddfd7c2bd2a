using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>From the gateway's words to ours. Gaps and contradictions stay visible: the state machine judges them.</summary>
internal static class WeChatPayV2Mapping
{
    public static VerifiedNotification OfNotification(FlatXml xml) => OfPayment(xml, Kind(xml), NotificationSource.Notification);

    public static VerifiedNotification OfPayment(FlatXml xml, NotificationKind kind, NotificationSource source) => new()
    {
        Kind = kind,
        Source = source,
        OutTradeNo = xml[WeChatWire.OutTradeNo],
        ChannelTransactionId = xml[WeChatWire.TransactionId],
        // Not cash_fee: what coupons paid is missing there.
        Amount = WeChatWire.Fen(xml[WeChatWire.TotalFee]),
        Currency = xml[WeChatWire.FeeType],
        AppId = xml[WeChatWire.AppId] ?? "",
        MerchantId = xml[WeChatWire.MerchantId] ?? "",
        OccurredAt = kind == NotificationKind.PaymentSucceeded ? BeijingTime.ReadCompact(xml["time_end"]) : null,
        PayerMasked = Mask.Payer(xml[WeChatWire.OpenId]),
    };

    /// <param name="outer">The part that everybody can read, and write.</param>
    /// <param name="opened">The part that was sealed.</param>
    public static VerifiedNotification OfRefund(FlatXml outer, FlatXml opened) => new()
    {
        Kind = opened[WeChatWire.RefundStatus] switch
        {
            WeChatWire.Success => NotificationKind.RefundSucceeded,
            WeChatWire.Change => NotificationKind.RefundAbnormal,
            WeChatWire.RefundClose => NotificationKind.RefundClosed,
            _ => NotificationKind.Unrecognized,
        },
        Source = NotificationSource.Notification,
        OutTradeNo = opened[WeChatWire.OutTradeNo],
        ChannelTransactionId = opened[WeChatWire.TransactionId],
        Amount = WeChatWire.Fen(opened[WeChatWire.TotalFee]),
        AppId = outer[WeChatWire.AppId] ?? "",
        MerchantId = outer[WeChatWire.MerchantId] ?? "",
        OccurredAt = BeijingTime.Read(opened["success_time"]),
        Refund = new RefundFact(
            opened[WeChatWire.OutRefundNo], opened[WeChatWire.RefundId], WeChatWire.Fen(opened[WeChatWire.RefundFee]), TotalRefunded: null),
    };

    /// <summary>Our own requests and the answers to our calls are signed with the same key: only what looks like a notification is one.</summary>
    private static NotificationKind Kind(FlatXml xml) => (xml[WeChatWire.ReturnCode], xml[WeChatWire.ResultCode]) switch
    {
        (WeChatWire.Success, WeChatWire.Success) when xml[WeChatWire.TradeState] is null or WeChatWire.Success => NotificationKind.PaymentSucceeded,
        (WeChatWire.Success, WeChatWire.Fail) => NotificationKind.PaymentPending,
        _ => NotificationKind.Unrecognized,
    };
}
