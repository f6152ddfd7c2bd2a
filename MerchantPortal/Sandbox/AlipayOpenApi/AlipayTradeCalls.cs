using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

internal sealed class PrecreateAlipayTrade(OpenAlipayTrade open, PortalUrls urls)
{
    public async Task<AlipayAnswer> ExecuteAsync(AlipayCall call, CancellationToken cancellationToken)
    {
        var (trade, failure) = await open.ExecuteAsync(call, TradeProduct.Precreate, cancellationToken);
        return failure ?? AlipayAnswer.Ok(("out_trade_no", trade?.OutTradeNo ?? ""), ("qr_code", urls.Wallet(trade?.Code ?? "")));
    }
}

/// <summary>Query. It always tells the truth; a trade that no buyer has opened does not exist yet.</summary>
internal sealed class QueryAlipayTrade(SandboxWriter writer, TimeProvider time)
{
    public Task<AlipayAnswer> ExecuteAsync(AlipayCall call, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) => await FindAsync(db, call, time.GetUtcNow(), ct) is { } trade ? Answer(trade) : AlipayAnswer.NotExist, cancellationToken);

    internal static async Task<SandboxTrade?> FindAsync(SandboxDbContext db, AlipayCall call, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var trade = call.Text("trade_no") is { } tradeNo
            ? await db.FindTradeByTransactionAsync(call.Merchant, tradeNo, cancellationToken)
            : await db.FindTradeAsync(call.Merchant, call.Text("out_trade_no") ?? "", cancellationToken);
        trade?.CloseWhenExpired(now);
        return trade?.OpenedAt is null ? null : trade;
    }

    private static AlipayAnswer Answer(SandboxTrade trade)
    {
        var payment = trade.Payments.OrderBy(row => row.Id).FirstOrDefault();
        var total = Money.ToYuan(trade.Amount);
        return payment is null
            ? AlipayAnswer.Ok(("out_trade_no", trade.OutTradeNo), ("trade_no", trade.TransactionId), ("trade_status", trade.Status()), ("total_amount", total))
            : AlipayAnswer.Ok(
                ("buyer_logon_id", "138****0000"), ("buyer_pay_amount", total), ("buyer_user_id", SandboxNumbers.BuyerId), ("invoice_amount", total),
                ("out_trade_no", trade.OutTradeNo), ("point_amount", "0.00"), ("receipt_amount", total), ("send_pay_date", Beijing.Wall(payment.PaidAt)),
                ("total_amount", total), ("trade_no", trade.TransactionId), ("trade_status", trade.Status()));
    }
}

internal sealed class CloseAlipayTrade(SandboxWriter writer, TimeProvider time)
{
    public Task<AlipayAnswer> ExecuteAsync(AlipayCall call, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var now = time.GetUtcNow();
            var trade = await QueryAlipayTrade.FindAsync(db, call, now, ct);
            if (trade is null or { State: TradeState.Closed or TradeState.Paid })
            {
                return trade is null ? AlipayAnswer.NotExist : AlipayAnswer.Failed("ACQ.TRADE_STATUS_ERROR", "交易状态不合法");
            }

            trade.State = TradeState.Closed;
            trade.ClosedAt = now;
            return AlipayAnswer.Ok(("out_trade_no", trade.OutTradeNo), ("trade_no", trade.TransactionId));
        },
        cancellationToken);
}
