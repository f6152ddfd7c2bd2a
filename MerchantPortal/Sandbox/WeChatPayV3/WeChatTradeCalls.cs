using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>Query, by either number. It always tells the truth.</summary>
internal sealed class QueryWeChatTrade(SandboxWriter writer)
{
    public async Task<WeChatAnswer> ExecuteAsync(SandboxMerchant merchant, string number, bool isTransactionId, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var trade = isTransactionId
            ? await db.FindTradeByTransactionAsync(merchant, number, cancellationToken)
            : await db.FindTradeAsync(merchant, number, cancellationToken);
        var payment = isTransactionId
            ? trade?.Payments.Single(row => row.TransactionId == number)
            : trade?.Payments.OrderBy(row => row.Id).FirstOrDefault();
        return trade is null ? WeChatAnswer.NotFound : WeChatAnswer.Ok(WeChatWire.Transaction(trade, payment, trade.Amount));
    }
}

/// <summary>Close: the only thing that stops a late payment.</summary>
internal sealed class CloseWeChatTrade(SandboxWriter writer, TimeProvider time)
{
    public Task<WeChatAnswer> ExecuteAsync(SandboxMerchant merchant, string outTradeNo, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var trade = await db.FindTradeAsync(merchant, outTradeNo, ct);
            if (trade is null or { State: TradeState.Paid })
            {
                return trade is null ? WeChatAnswer.NotFound
                    : WeChatAnswer.Error(StatusCodes.Status400BadRequest, "INVALID_REQUEST", "该订单已支付");
            }

            trade.State = TradeState.Closed;
            trade.ClosedAt ??= time.GetUtcNow();
            return WeChatAnswer.Done;
        },
        cancellationToken);
}
