using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>The interface's own names, spelled as on the wire.</summary>
internal static class MapiWire
{
    public const string Sign = "sign";
    public const string SignType = "sign_type";
    public const string InputCharset = "_input_charset";
    public const string NotifyId = "notify_id";
    public const string NotifyType = "notify_type";
    public const string TradeStatusSync = "trade_status_sync";

    public const string DirectPay = "create_direct_pay_by_user";
    public const string SecurityPay = "mobile.securitypay.pay";
    public const string NotifyVerify = "notify_verify";
    public const string SingleTradeQuery = "single_trade_query";
    public const string CloseTrade = "close_trade";

    public const string WaitBuyerPay = "WAIT_BUYER_PAY";
    public const string TradeSuccess = "TRADE_SUCCESS";
    public const string TradeFinished = "TRADE_FINISHED";
    public const string TradeClosed = "TRADE_CLOSED";

    public const string RefundSuccess = "REFUND_SUCCESS";

    /// <summary>The documents of the interface know both spellings.</summary>
    public static bool IsUnknownTrade(string error) => error is "TRADE_NOT_EXIST" or "TRADE_IS_NOT_EXIST";
}

/// <summary>Reads what a genuine notification, or a signed answer about a trade, says.</summary>
/// <param name="sellerEmail">The account's; null when it has none.</param>
internal sealed class AlipayMapiMessages(string partner, string? sellerEmail)
{
    public VerifiedNotification FromNotification(RawForm form)
    {
        var kind = form[MapiWire.NotifyType] is null or MapiWire.TradeStatusSync ? Kind(name => form[name]) : NotificationKind.Unrecognized;
        return Fact(kind, name => form[name]) with { MessageId = form[MapiWire.NotifyId] };
    }

    /// <param name="trade">Fields of the answer, by name.</param>
    /// <returns>Null for a state that is not known.</returns>
    public VerifiedNotification? FromQuery(IReadOnlyDictionary<string, string> trade)
    {
        string? Value(string name) => trade.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        // An answer tells of the trade as it is now, where a part that was given back does not unmake the payment.
        var kind = Value("trade_status") is MapiWire.TradeSuccess ? NotificationKind.PaymentSucceeded : Kind(Value);
        return kind == NotificationKind.Unrecognized ? null : Fact(kind, Value) with { Source = NotificationSource.Query };
    }

    /// <summary>
    /// For the ordinary contract TRADE_FINISHED is the one message of the payment; for others it comes months after TRADE_SUCCESS and
    /// changes nothing. Closed after payment means refunded in full.
    /// </summary>
    private static NotificationKind Kind(Func<string, string?> field)
    {
        var refunded = field("refund_status") is MapiWire.RefundSuccess || field("gmt_refund") is not null;
        return field("trade_status") switch
        {
            MapiWire.WaitBuyerPay => NotificationKind.PaymentPending,
            MapiWire.TradeSuccess => refunded ? NotificationKind.RefundSucceeded : NotificationKind.PaymentSucceeded,
            MapiWire.TradeFinished => NotificationKind.PaymentSucceeded,
            MapiWire.TradeClosed when refunded => NotificationKind.RefundSucceeded,
            // Closed with a time of payment but no refund would be neither paid nor unpaid.
            MapiWire.TradeClosed when field("gmt_payment") is null => NotificationKind.PaymentClosed,
            _ => NotificationKind.Unrecognized,
        };
    }

    private VerifiedNotification Fact(NotificationKind kind, Func<string, string?> field)
    {
        var amount = Money.ParseYuan(field("total_fee"));
        return new VerifiedNotification
        {
            Kind = kind,
            Source = NotificationSource.Notification,
            OutTradeNo = field("out_trade_no"),
            ChannelTransactionId = field("trade_no"),
            Amount = amount,
            MerchantId = Seller(field),
            OccurredAt = BeijingTime.Read(kind switch
            {
                NotificationKind.RefundSucceeded => field("gmt_refund"),
                NotificationKind.PaymentClosed => field("gmt_close"),
                NotificationKind.PaymentSucceeded => field("gmt_payment"),
                _ => null,
            }),
            PayerMasked = Mask.Payer(field("buyer_id") ?? field("buyer_email")),
            Refund = kind == NotificationKind.RefundSucceeded ? Refund(field, amount) : null,
        };
    }

    /// <summary>How much was given back is told by the state alone: all of it, or a part whose size only a person can look up.</summary>
    private static RefundFact Refund(Func<string, string?> field, long? amount) =>
        new(RefundNo: null, ChannelRefundId: null, Amount: null, TotalRefunded: field("trade_status") is MapiWire.TradeClosed ? amount : null);

    /// <summary>The number of the seller where it is told; else the one whose account's name is told.</summary>
    private string Seller(Func<string, string?> field) =>
        field("seller_id") ?? (sellerEmail is not null && field("seller_email") == sellerEmail ? partner : "");
}
