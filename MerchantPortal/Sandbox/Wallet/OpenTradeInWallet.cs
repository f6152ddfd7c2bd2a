using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Wallet;

/// <summary>Somebody scanned a code: from now on Alipay knows the trade.</summary>
public sealed class OpenTradeInWallet(SandboxWriter writer, TradeQueries queries, TimeProvider time)
{
    /// <returns>Null when no trade has the code.</returns>
    public async Task<SandboxTrade?> ExecuteAsync(string code, CancellationToken cancellationToken)
    {
        var trade = await queries.FindAsync(code, cancellationToken);
        if (trade is { OpenedAt: null })
        {
            trade.OpenedAt = time.GetUtcNow();
            await writer.WriteAsync(
                (db, _) =>
                {
                    db.Trades.Attach(trade).Property(row => row.OpenedAt).IsModified = true;
                    return Task.FromResult(true);
                },
                cancellationToken);
        }

        return trade;
    }
}
