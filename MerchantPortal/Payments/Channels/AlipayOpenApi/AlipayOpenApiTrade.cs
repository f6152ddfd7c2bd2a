using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Reads signed answers about one trade.</summary>
internal static class AlipayOpenApiTrade
{
    public static CreateResult Created(AlipayOpenApiAnswer answer, string outTradeNo) => answer switch
    {
        AlipayOpenApiAnswer.Unproven unproven => new CreateResult.Unknown(unproven.Reason),
        AlipayOpenApiAnswer.Signed signed when !signed.IsAbout(outTradeNo) => new CreateResult.Unknown("Alipay answered about another number."),
        AlipayOpenApiAnswer.Signed { Succeeded: true } signed => signed.Text("qr_code") is { Length: > 0 } code
            ? new CreateResult.Prompted(PaymentPrompt.Qr(code))
            : new CreateResult.Unknown("Alipay accepted the order but gave no code."),
        // A trade that is paid already is not refused for good: the query will tell of the money.
        AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.TradeHasSuccess } signed => new CreateResult.Unknown(signed.Describe()),
        AlipayOpenApiAnswer.Signed { IsUncertain: true } signed => new CreateResult.Unknown(signed.Describe()),
        AlipayOpenApiAnswer.Signed signed => new CreateResult.Refused(
            signed.SubCode is { Length: > 0 } code ? code : signed.Code, signed.Text("sub_msg") is { Length: > 0 } message ? message : signed.Text("msg")),
        _ => throw new InvalidOperationException("An answer is either signed or not."),
    };

    public static QueryResult Queried(AlipayOpenApiAnswer answer, string outTradeNo) => answer switch
    {
        AlipayOpenApiAnswer.Unproven unproven => new QueryResult.Unknown(unproven.Reason),
        AlipayOpenApiAnswer.Signed signed when !signed.IsAbout(outTradeNo) => new QueryResult.Unknown("Alipay answered about another number."),
        AlipayOpenApiAnswer.Signed { Succeeded: true } signed => Kind(signed) is { } kind
            ? new QueryResult.Known(Fact(signed, kind))
            : new QueryResult.Unknown($"Alipay told a trade_status that is not known: {signed.Text("trade_status")}"),
        AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.TradeNotExist } => new QueryResult.NotFound(),
        AlipayOpenApiAnswer.Signed signed => new QueryResult.Unknown(signed.Describe()),
        _ => throw new InvalidOperationException("An answer is either signed or not."),
    };

    public static CloseResult Closed(AlipayOpenApiAnswer answer, string outTradeNo) => answer switch
    {
        AlipayOpenApiAnswer.Unproven unproven => new CloseResult.Unknown(unproven.Reason),
        AlipayOpenApiAnswer.Signed signed when !signed.IsAbout(outTradeNo) => new CloseResult.Unknown("Alipay answered about another number."),
        AlipayOpenApiAnswer.Signed { Succeeded: true } => new CloseResult.Closed(),
        AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.TradeNotExist } => new CloseResult.NotFound(),
        AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.ReasonTradeStatusInvalid } => new CloseResult.AlreadyPaid(),
        // Among them ACQ.TRADE_STATUS_ERROR, which a closed trade gives as well as a paid one.
        AlipayOpenApiAnswer.Signed signed => new CloseResult.Unknown(signed.Describe()),
        _ => throw new InvalidOperationException("An answer is either signed or not."),
    };

    private static NotificationKind? Kind(AlipayOpenApiAnswer.Signed trade) => trade.Text("trade_status") switch
    {
        AlipayWire.WaitBuyerPay => NotificationKind.PaymentPending,
        AlipayWire.TradeSuccess => NotificationKind.PaymentSucceeded,
        AlipayWire.TradeFinished => NotificationKind.PaymentSucceeded,
        // Closed after payment means refunded in full; taken for "unpaid", the money would be forgotten.
        AlipayWire.TradeClosed => WasPaid(trade) ? NotificationKind.RefundSucceeded : NotificationKind.PaymentClosed,
        _ => null,
    };

    private static bool WasPaid(AlipayOpenApiAnswer.Signed trade) =>
        trade.Text("send_pay_date").Length > 0
        || Money.ParseYuan(trade.Text("buyer_pay_amount")) > 0
        || Money.ParseYuan(trade.Text("receipt_amount")) > 0
        || (trade.Content.TryGetProperty("fund_bill_list", out var bills) && bills.ValueKind == System.Text.Json.JsonValueKind.Array && bills.GetArrayLength() > 0);

    private static VerifiedNotification Fact(AlipayOpenApiAnswer.Signed trade, NotificationKind kind)
    {
        var amount = Money.ParseYuan(trade.Text("total_amount"));
        var payer = trade.Text("buyer_user_id") is { Length: > 0 } id ? id : trade.Text("buyer_open_id");
        return new VerifiedNotification
        {
            Kind = kind,
            Source = NotificationSource.Query,
            OutTradeNo = trade.Text("out_trade_no"),
            ChannelTransactionId = trade.Text("trade_no") is { Length: > 0 } number ? number : null,
            Amount = amount,
            OccurredAt = kind == NotificationKind.PaymentSucceeded ? BeijingTime.Read(trade.Text("send_pay_date")) : null,
            PayerMasked = payer.Length == 0 ? null : Mask.Payer(payer),
            Refund = kind == NotificationKind.RefundSucceeded
                ? new RefundFact(RefundNo: null, ChannelRefundId: null, Amount: null, TotalRefunded: amount)
                : null,
        };
    }
}
