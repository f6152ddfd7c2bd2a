using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>Reads answers about one trade.</summary>
internal static class WeChatPayV2Trade
{
    public static CreateResult Created(WeChatPayV2Answer answer, Func<FlatXml, PaymentPrompt?> prompt) => answer switch
    {
        WeChatPayV2Answer.Unproven unproven => new CreateResult.Unknown(unproven.Reason),
        WeChatPayV2Answer.Turned { IsBusy: true } busy => new CreateResult.Unknown(busy.Describe()),
        WeChatPayV2Answer.Turned turned => new CreateResult.Refused(WeChatWire.Fail, turned.Message),
        WeChatPayV2Answer.Signed { Succeeded: true } signed => prompt(signed.Xml) is { } made
            ? new CreateResult.Prompted(made)
            : new CreateResult.Unknown("WeChat Pay accepted the order but gave nothing to pay it with."),
        // A trade that is paid already is not refused for good: the query will tell of the money.
        WeChatPayV2Answer.Signed { Error: WeChatWire.OrderPaid } signed => new CreateResult.Unknown(signed.Describe()),
        WeChatPayV2Answer.Signed { IsUncertain: true } signed => new CreateResult.Unknown(signed.Describe()),
        WeChatPayV2Answer.Signed signed => new CreateResult.Refused(signed.Error, signed.Xml[WeChatWire.ErrorText] ?? signed.Error),
        _ => throw Unexpected(answer),
    };

    public static QueryResult Queried(WeChatPayV2Answer answer, string outTradeNo) => answer switch
    {
        WeChatPayV2Answer.Unproven unproven => new QueryResult.Unknown(unproven.Reason),
        WeChatPayV2Answer.Turned turned => new QueryResult.Unknown(turned.Describe()),
        WeChatPayV2Answer.Signed { Error: WeChatWire.OrderNotExist } => new QueryResult.NotFound(),
        WeChatPayV2Answer.Signed { Succeeded: false } signed => new QueryResult.Unknown(signed.Describe()),
        WeChatPayV2Answer.Signed signed when signed.Xml[WeChatWire.OutTradeNo] != outTradeNo => new QueryResult.Unknown("WeChat Pay answered about another number."),
        WeChatPayV2Answer.Signed signed => Kind(signed.Xml[WeChatWire.TradeState]) is { } kind
            ? new QueryResult.Known(WeChatPayV2Mapping.OfPayment(signed.Xml, kind, NotificationSource.Query))
            : new QueryResult.Unknown("WeChat Pay told a trade_state that is not known."),
        _ => throw Unexpected(answer),
    };

    public static CloseResult Closed(WeChatPayV2Answer answer) => answer switch
    {
        WeChatPayV2Answer.Unproven unproven => new CloseResult.Unknown(unproven.Reason),
        WeChatPayV2Answer.Turned turned => new CloseResult.Unknown(turned.Describe()),
        WeChatPayV2Answer.Signed { Succeeded: true } or WeChatPayV2Answer.Signed { Error: WeChatWire.OrderClosed } => new CloseResult.Closed(),
        WeChatPayV2Answer.Signed { Error: WeChatWire.OrderPaid } => new CloseResult.AlreadyPaid(),
        WeChatPayV2Answer.Signed { Error: WeChatWire.OrderNotExist } => new CloseResult.NotFound(),
        // Among the reasons is that the order is younger than five minutes: it stays open here too, and closing is tried again.
        WeChatPayV2Answer.Signed signed => new CloseResult.Unknown($"{signed.Describe()} (WeChat Pay does not close an order in its first five minutes; try again later.)"),
        _ => throw Unexpected(answer),
    };

    /// <returns>Null for a state that is not known: it changes nothing.</returns>
    private static NotificationKind? Kind(string? tradeState) => tradeState switch
    {
        // Given back since in whole or part, hence paid before.
        WeChatWire.Success or "REFUND" => NotificationKind.PaymentSucceeded,
        "NOTPAY" or "USERPAYING" or "PAYERROR" or "ACCEPT" => NotificationKind.PaymentPending,
        "CLOSED" or "REVOKED" => NotificationKind.PaymentClosed,
        _ => null,
    };

    private static InvalidOperationException Unexpected(WeChatPayV2Answer answer) => new($"No result for {answer.GetType().Name}.");
}
