using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Somebody gives money back in the merchant's console at the gateway. Refund and message are planned in one commit.</summary>
public sealed class RefundTrade(SandboxWriter writer, NotificationPump pump, TimeProvider time)
{
    /// <summary>False for a fault that only a payment can have.</summary>
    public static bool CanCarry(Fault fault, string channel) =>
        fault.Kind is not (FaultKind.ClosedFirst or FaultKind.PayAfterExpiry or FaultKind.PayTwice) && fault.AppliesTo(channel);

    public async Task<RefundTradeResult> ExecuteAsync(string code, RefundWish wish, CancellationToken cancellationToken)
    {
        var result = await writer.WriteAsync((db, ct) => RefundAsync(db, code, wish, ct), cancellationToken);
        pump.Wake();
        return result;
    }

    private async Task<RefundTradeResult> RefundAsync(SandboxDbContext db, string code, RefundWish wish, CancellationToken cancellationToken)
    {
        var trade = await db.Trades.Include(row => row.Merchant).Include(row => row.Payments).Include(row => row.Refunds).AsSplitQuery().OrderBy(row => row.Id)
            .SingleOrDefaultAsync(row => row.Code == code, cancellationToken);
        if (trade is null)
        {
            return new RefundTradeResult.Unknown();
        }

        var left = trade.Amount - trade.GivenBack;
        var amount = wish.Amount ?? left;
        if (Refusal(trade, wish.Fault, amount, left) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var refund = new SandboxRefund
        {
            Trade = trade,
            Payment = trade.Payments.OrderBy(payment => payment.Id).First(),
            RefundId = SandboxNumbers.Refund(now),
            OutRefundNo = wish.OutRefundNo ?? SandboxNumbers.Refund(now),
            Amount = amount,
            TotalRefunded = trade.Amount - left + amount,
            RefundedAt = now,
        };
        db.Refunds.Add(refund);
        await NotificationPlan.AddAsync(db, refund, wish.Fault, now, cancellationToken);
        return new RefundTradeResult.Refunded(refund);
    }

    private static RefundTradeResult? Refusal(SandboxTrade trade, Fault fault, long amount, long left) =>
        !SandboxChannels.TellsOfRefunds(trade.Merchant.Channel) ? new RefundTradeResult.NotHere()
        : trade.State != TradeState.Paid ? new RefundTradeResult.NotPaid()
        : !CanCarry(fault, trade.Merchant.Channel) ? new RefundTradeResult.FaultNotApplicable()
        : amount <= 0 || amount > left ? new RefundTradeResult.TooMuch()
        : null;
}

/// <param name="Amount">分; null gives back all that is left.</param>
/// <param name="OutRefundNo">Null: the gateway makes the number, as for refunds in its console.</param>
public sealed record RefundWish(long? Amount, string? OutRefundNo, Fault Fault);

public abstract record RefundTradeResult
{
    public sealed record Refunded(SandboxRefund Refund) : RefundTradeResult;

    /// <summary>No such trade.</summary>
    public sealed record Unknown : RefundTradeResult;

    public sealed record NotPaid : RefundTradeResult;

    /// <summary>Nothing, or more than is left.</summary>
    public sealed record TooMuch : RefundTradeResult;

    public sealed record FaultNotApplicable : RefundTradeResult;

    /// <summary>The sandbox does not play refunds of this channel.</summary>
    public sealed record NotHere : RefundTradeResult;
}
