using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>The buyer pays in the wallet. Money and messages are planned in one commit; the messages go out afterwards.</summary>
public sealed class PayTrade(SandboxWriter writer, ArmedFaults armed, NotificationPump pump, TimeProvider time)
{
    /// <param name="code">See <see cref="SandboxTrade.Code"/>.</param>
    /// <param name="fault">Null: the one armed for the trade, else the one armed for the next payment, else none.</param>
    public async Task<PayTradeResult> ExecuteAsync(string code, Fault? fault, CancellationToken cancellationToken)
    {
        var result = await writer.WriteAsync((db, ct) => PayAsync(db, code, fault, ct), cancellationToken);
        pump.Wake();
        return result;
    }

    private async Task<PayTradeResult> PayAsync(SandboxDbContext db, string code, Fault? asked, CancellationToken cancellationToken)
    {
        var trade = await db.Trades.Include(row => row.Merchant).Include(row => row.Payments).SingleOrDefaultAsync(row => row.Code == code, cancellationToken);
        if (trade is null)
        {
            return new PayTradeResult.Unknown();
        }

        var now = time.GetUtcNow();
        var fault = asked ?? trade.ArmedFault ?? armed.NextPayment ?? Fault.None;
        if (Refusal(trade, fault, now) is { } refusal)
        {
            return refusal;
        }

        if (asked is null && trade.ArmedFault is null)
        {
            armed.TakeNextPayment();
        }

        trade.OpenedAt ??= now;
        trade.ArmedFault = null;
        trade.State = TradeState.Paid;
        foreach (var payment in Payments(trade, fault, now))
        {
            trade.Payments.Add(payment);
            await NotificationPlan.AddAsync(db, trade, payment, fault, now, cancellationToken);
        }

        return new PayTradeResult.Paid(trade);
    }

    private static PayTradeResult? Refusal(SandboxTrade trade, Fault fault, DateTimeOffset now)
    {
        if (!fault.AppliesTo(trade.Merchant.Channel))
        {
            return new PayTradeResult.FaultNotApplicable();
        }

        return trade.State switch
        {
            TradeState.Paid => new PayTradeResult.AlreadyPaid(trade),
            TradeState.Closed when fault.Kind != FaultKind.PayAfterExpiry => new PayTradeResult.Closed(trade),
            TradeState.Waiting when trade.HasExpired(now) && fault.Kind != FaultKind.PayAfterExpiry => new PayTradeResult.Expired(trade),
            TradeState.Waiting or TradeState.Closed => null,
        };
    }

    private static IEnumerable<SandboxPayment> Payments(SandboxTrade trade, Fault fault, DateTimeOffset now) =>
        Enumerable.Range(0, fault.Kind == FaultKind.PayTwice ? 2 : 1).Select(index => new SandboxPayment
        {
            TransactionId = index == 0 ? trade.TransactionId : SandboxNumbers.Transaction(trade.Merchant.Channel, now),
            Amount = trade.Amount,
            PaidAt = now,
        });
}

public abstract record PayTradeResult
{
    public sealed record Paid(SandboxTrade Trade) : PayTradeResult;

    public sealed record AlreadyPaid(SandboxTrade Trade) : PayTradeResult;

    public sealed record Closed(SandboxTrade Trade) : PayTradeResult;

    public sealed record Expired(SandboxTrade Trade) : PayTradeResult;

    /// <summary>No such trade.</summary>
    public sealed record Unknown : PayTradeResult;

    /// <summary>The channel's protocol has no place for this fault.</summary>
    public sealed record FaultNotApplicable : PayTradeResult;
}
