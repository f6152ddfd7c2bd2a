namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>Reads answers about one trade.</summary>
internal sealed class AlipayMapiTrade(AlipayMapiMessages messages)
{
    public QueryResult Queried(AlipayMapiAnswer answer, string outTradeNo) => answer switch
    {
        AlipayMapiAnswer.Trade trade when trade.Fields.GetValueOrDefault("out_trade_no") != outTradeNo => new QueryResult.Unknown("Alipay answered about another number."),
        AlipayMapiAnswer.Trade trade => messages.FromQuery(trade.Fields) is { } fact
            ? new QueryResult.Known(fact)
            : new QueryResult.Unknown($"Alipay told a trade_status that is not known: {trade.Fields.GetValueOrDefault("trade_status")}"),
        // Nobody signs this answer; it books nothing, and a payment that is there nevertheless comes by its notification.
        AlipayMapiAnswer.Failed failed when MapiWire.IsUnknownTrade(failed.Error) => new QueryResult.NotFound(),
        AlipayMapiAnswer.Failed failed => new QueryResult.Unknown($"Alipay refused: {failed.Error}"),
        AlipayMapiAnswer.Unproven unproven => new QueryResult.Unknown(unproven.Reason),
        _ => new QueryResult.Unknown("Alipay answered without a trade."),
    };

    public static CloseResult Closed(AlipayMapiAnswer answer) => answer switch
    {
        AlipayMapiAnswer.Done => new CloseResult.Closed(),
        AlipayMapiAnswer.Failed failed when MapiWire.IsUnknownTrade(failed.Error) => new CloseResult.NotFound(),
        // Among them states in which a trade cannot be closed, a paid one as well as a closed one: a query tells which.
        AlipayMapiAnswer.Failed failed => new CloseResult.Unknown($"Alipay refused: {failed.Error}"),
        AlipayMapiAnswer.Unproven unproven => new CloseResult.Unknown(unproven.Reason),
        _ => new CloseResult.Unknown("Alipay answered something else."),
    };
}
