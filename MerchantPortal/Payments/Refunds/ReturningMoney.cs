using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>One gateway transaction's money, of which something goes back.</summary>
/// <param name="Refunded">Σ of its succeeded refunds, 分.</param>
/// <param name="LastOwnAt">When the last of them that is ours gave money back; null when none is.</param>
public sealed record ReturningMoney(Payment Payment, long Refunded, DateTimeOffset? LastOwnAt)
{
    /// <summary>分 that refunds other than <paramref name="refund"/> have reserved and not moved yet.</summary>
    public long ReservedByOthers(Refund? refund) =>
        Payment.RefundReserved - Refunded - (refund is { HoldsMoney: true, Status: not RefundStatus.Succeeded } ? refund.Amount : 0);

    /// <param name="payment">Of the message's own transaction; null when it names none that is on record.</param>
    /// <param name="refund">The refund of ours that it names; null when there is none.</param>
    /// <returns>Null when the attempt has brought no money.</returns>
    internal static async Task<ReturningMoney?> FindAsync(
        PortalDbContext db, PaymentAttempt attempt, Payment? payment, Refund? refund, CancellationToken cancellationToken)
    {
        // Without a transaction's number: of the refund's payment, else of what the order was paid with, else of the surplus.
        payment ??= refund?.PaymentId is { } id
            ? await db.Payments.SingleAsync(row => row.Id == id, cancellationToken)
            : await db.Payments.Where(row => row.OrderId == attempt.OrderId && row.AttemptId == attempt.Id).OrderBy(row => row.IsSurplus).ThenBy(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return payment is null ? null : Of(payment, await db.Refunds.AsNoTracking()
            .Where(row => row.PaymentId == payment.Id && row.Status == RefundStatus.Succeeded).ToListAsync(cancellationToken));
    }

    /// <param name="succeeded">All refunds of the payment that have given money back.</param>
    internal static ReturningMoney Of(Payment payment, IReadOnlyCollection<Refund> succeeded) => new(
        payment, succeeded.Sum(row => row.Amount), succeeded.Where(row => row.ReasonCode != RefundReason.AtGateway).Max(row => row.SettledAt));
}
