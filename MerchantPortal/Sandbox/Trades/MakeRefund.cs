using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>A merchant's system asks for a refund by a call. The same number and amount answer the same refund, whoever asks how often.</summary>
internal sealed class MakeRefund(SandboxWriter writer, NotificationPump pump, ArmedFaults armed, TimeProvider time)
{
    private static readonly TimeSpan Working = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowWork = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    public async Task<MadeRefund> ExecuteAsync(SandboxMerchant merchant, RefundCall call, CancellationToken cancellationToken)
    {
        var result = await writer.WriteAsync((db, ct) => MakeAsync(db, merchant, call, ct), cancellationToken);
        pump.Wake();
        return result;
    }

    /// <returns>Null when the merchant has no refund of this number.</returns>
    public async Task<SandboxRefund?> FindAsync(SandboxMerchant merchant, string outRefundNo, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await Refunds(db, merchant).AsNoTracking().FirstOrDefaultAsync(row => row.OutRefundNo == outRefundNo, cancellationToken);
    }

    public bool IsSilent(SandboxRefund refund) => refund.SilentUntil > time.GetUtcNow();

    public bool HasEnded(SandboxRefund refund) => refund.HasEnded(time.GetUtcNow());

    private async Task<MadeRefund> MakeAsync(SandboxDbContext db, SandboxMerchant merchant, RefundCall call, CancellationToken cancellationToken)
    {
        var known = await Refunds(db, merchant).FirstOrDefaultAsync(row => row.OutRefundNo == call.OutRefundNo, cancellationToken);
        if (known is not null)
        {
            return known.Amount == call.Amount && known.Payment.TransactionId == call.TransactionId ? new MadeRefund.Repeated(known) : new MadeRefund.NumberTaken();
        }

        var trade = await db.FindTradeByTransactionAsync(merchant, call.TransactionId, cancellationToken);
        if (trade?.Payments.SingleOrDefault(row => row.TransactionId == call.TransactionId) is not { } payment)
        {
            return new MadeRefund.UnknownTrade();
        }

        var given = trade.Refunds.Where(row => row.PaymentId == payment.Id && row.EndsAs != SandboxRefundEnd.Closed).Sum(row => row.Amount);
        return call.Amount <= 0 || call.Amount > payment.Amount - given ? new MadeRefund.TooMuch() : armed.TakeNextRefund() switch
        {
            RefundFault.Refuse => new MadeRefund.NotAllowed(),
            RefundFault.NotEnough => new MadeRefund.NoBalance(),
            var fault => await AddAsync(db, New(trade, payment, call, fault, given), fault, cancellationToken),
        };
    }

    private static async Task<MadeRefund> AddAsync(SandboxDbContext db, SandboxRefund refund, RefundFault fault, CancellationToken cancellationToken)
    {
        db.Refunds.Add(refund);
        if (refund.EndsAs == SandboxRefundEnd.Succeeded || refund.Trade.Merchant.Channel is SandboxChannels.WeChat or SandboxChannels.WeChatV2)
        {
            await NotificationPlan.AddAsync(db, refund, fault == RefundFault.Lose ? new Fault(FaultKind.Lose) : Fault.None, refund.RefundedAt, cancellationToken);
        }

        return new MadeRefund.Made(refund);
    }

    private SandboxRefund New(SandboxTrade trade, SandboxPayment payment, RefundCall call, RefundFault fault, long given)
    {
        var now = time.GetUtcNow();
        // Alipay pays out while the caller waits; the others work on it.
        var working = fault == RefundFault.Slow ? SlowWork : trade.Merchant.Channel == SandboxChannels.Alipay ? TimeSpan.Zero : Working;
        return new SandboxRefund
        {
            Trade = trade,
            Payment = payment,
            RefundId = SandboxNumbers.Refund(now),
            OutRefundNo = call.OutRefundNo,
            Amount = call.Amount,
            TotalRefunded = given + call.Amount,
            RefundedAt = now + working,
            EndsAs = EndOf(fault, trade.Merchant.Channel),
            SilentUntil = fault == RefundFault.TimeOut ? now + Silence : null,
        };
    }

    private static SandboxRefundEnd EndOf(RefundFault fault, string channel) => fault switch
    {
        RefundFault.Abnormal when channel is SandboxChannels.WeChat or SandboxChannels.WeChatV2 => SandboxRefundEnd.Abnormal,
        RefundFault.Closed when channel != SandboxChannels.Alipay => SandboxRefundEnd.Closed,
        _ => SandboxRefundEnd.Succeeded,
    };

    private static IQueryable<SandboxRefund> Refunds(SandboxDbContext db, SandboxMerchant merchant) =>
        db.Refunds.Include(row => row.Payment).Include(row => row.Trade).OrderBy(row => row.Id).Where(row => row.Trade.MerchantId == merchant.Id);
}

/// <param name="TransactionId">The gateway's number of the payment.</param>
/// <param name="Amount">分; not above zero where the call has none that can be read.</param>
internal sealed record RefundCall(string TransactionId, string OutRefundNo, long Amount);

internal abstract record MadeRefund
{
    internal sealed record Made(SandboxRefund Refund) : MadeRefund;

    /// <summary>The same number again: nothing has moved by this call.</summary>
    internal sealed record Repeated(SandboxRefund Refund) : MadeRefund;

    internal sealed record NumberTaken : MadeRefund;

    internal sealed record UnknownTrade : MadeRefund;

    internal sealed record TooMuch : MadeRefund;

    internal sealed record NotAllowed : MadeRefund;

    internal sealed record NoBalance : MadeRefund;
}
