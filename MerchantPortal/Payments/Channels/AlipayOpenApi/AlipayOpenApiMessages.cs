using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Alipay's own names, spelled as on the wire.</summary>
internal static class AlipayWire
{
    public const string Sign = "sign";
    public const string SignType = "sign_type";
    public const string NotifyType = "notify_type";
    public const string AlipayCertificateNumber = "alipay_cert_sn";

    /// <summary>The type of all notifications of payments and their refunds.</summary>
    public const string TradeStatusSync = "trade_status_sync";

    public const string WaitBuyerPay = "WAIT_BUYER_PAY";
    public const string TradeSuccess = "TRADE_SUCCESS";
    public const string TradeFinished = "TRADE_FINISHED";
    public const string TradeClosed = "TRADE_CLOSED";

    public const string PagePay = "alipay.trade.page.pay";
    public const string WapPay = "alipay.trade.wap.pay";
    public const string AppPay = "alipay.trade.app.pay";
    public const string Precreate = "alipay.trade.precreate";
    public const string Query = "alipay.trade.query";
    public const string Close = "alipay.trade.close";
    public const string BillAddress = "alipay.data.dataservice.bill.downloadurl.query";

    public const string Refund = "alipay.trade.refund";
    public const string RefundQuery = "alipay.trade.fastpay.refund.query";
    public const string RefundSuccess = "REFUND_SUCCESS";

    public const string CodeSuccess = "10000";
    public const string CodeUnavailable = "20000";
    public const string TradeNotExist = "ACQ.TRADE_NOT_EXIST";
    public const string TradeHasSuccess = "ACQ.TRADE_HAS_SUCCESS";
    public const string BillNotExist = "BILL_NOT_EXIST";
    public const string SystemError = "ACQ.SYSTEM_ERROR";
    public const string BalanceNotEnough = "ACQ.SELLER_BALANCE_NOT_ENOUGH";
    public const string DiscordantRepeat = "ACQ.DISCORDANT_REPEAT_REQUEST";
    public const string ReasonTradeStatusInvalid = "ACQ.REASON_TRADE_STATUS_INVALID";
}

/// <summary>Reads what a genuine notification says. Gaps and contradictions stay visible: the state machine judges them.</summary>
internal static class AlipayOpenApiMessages
{
    public static VerifiedNotification FromNotification(RawForm form)
    {
        var kind = Kind(form);
        return new VerifiedNotification
        {
            Kind = kind,
            Source = NotificationSource.Notification,
            MessageId = form["notify_id"],
            OutTradeNo = form["out_trade_no"],
            ChannelTransactionId = form["trade_no"],
            Amount = Money.ParseYuan(form["total_amount"]),
            AppId = form["app_id"] ?? "",
            MerchantId = form["seller_id"] ?? "",
            OccurredAt = BeijingTime.Read(kind switch
            {
                NotificationKind.RefundSucceeded => form["gmt_refund"],
                NotificationKind.PaymentClosed => form["gmt_close"],
                NotificationKind.PaymentSucceeded => form["gmt_payment"],
                _ => null,
            }),
            PayerMasked = Mask.Payer(form["buyer_id"] ?? form["buyer_open_id"]),
            Refund = kind == NotificationKind.RefundSucceeded
                ? new RefundFact(form["out_biz_no"], ChannelRefundId: null, Amount: null, TotalRefunded: Money.ParseYuan(form["refund_fee"]))
                : null,
        };
    }

    private static NotificationKind Kind(RawForm form)
    {
        if (form[AlipayWire.NotifyType] is not (null or AlipayWire.TradeStatusSync))
        {
            return NotificationKind.Unrecognized;
        }

        // A refund comes as a message of the payment: only these fields tell the two apart.
        var refunded = form["gmt_refund"] is not null || (form["refund_fee"] is { } fee && Money.ParseYuan(fee) != 0);
        return form["trade_status"] switch
        {
            AlipayWire.WaitBuyerPay => NotificationKind.PaymentPending,
            AlipayWire.TradeSuccess => refunded ? NotificationKind.RefundSucceeded : NotificationKind.PaymentSucceeded,
            AlipayWire.TradeFinished => NotificationKind.PaymentSucceeded,
            AlipayWire.TradeClosed when refunded => NotificationKind.RefundSucceeded,
            // Closed with a time of payment but no refund would be neither paid nor unpaid.
            AlipayWire.TradeClosed when form["gmt_payment"] is null => NotificationKind.PaymentClosed,
            _ => NotificationKind.Unrecognized,
        };
    }
}
