using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Reads what the books have of a bill's lines, in the unit of work that compares them.</summary>
internal static class BillBooks
{
    public const int Chunk = 500;

    /// <summary>The lines of a bill in order, some at a time.</summary>
    public static async IAsyncEnumerable<List<BillLine>> LinesAsync(
        PortalDbContext db, Guid billId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0;
        List<BillLine> lines;
        do
        {
            lines = await db.BillLines.AsNoTracking().Where(row => row.BillId == billId && row.Line > last).OrderBy(row => row.Line).Take(Chunk).ToListAsync(cancellationToken);
            if (lines.Count > 0)
            {
                last = lines[^1].Line;
                yield return lines;
            }
        }
        while (lines.Count == Chunk);
    }

    public static async Task<OurBooks> ReadAsync(PortalDbContext db, GatewayBill bill, IReadOnlyList<BillLine> lines, CancellationToken cancellationToken)
    {
        var transactions = lines.Select(line => line.TransactionId).Distinct().ToList();
        var refundNos = lines.Where(line => line.RefundNo.Length > 0).Select(line => line.RefundNo).Distinct().ToList();
        var refundIds = lines.Where(line => line.RefundId.Length > 0).Select(line => line.RefundId).Distinct().ToList();
        var fees = lines.Select(line => line.FeeId).Distinct().ToList();
        var payments = await db.Payments.AsNoTracking().Where(row => row.ChannelAccountId == bill.ChannelAccountId && transactions.Contains(row.ChannelTransactionId))
            .Select(row => new OurPayment(row.Id, row.OrderId, row.ChannelTransactionId, row.Amount)).ToListAsync(cancellationToken);
        var refunds = await db.Refunds.AsNoTracking()
            .Where(row => row.ChannelAccountId == bill.ChannelAccountId
                && (refundNos.Contains(row.RefundNo) || (row.ChannelRefundId != null && refundIds.Contains(row.ChannelRefundId))))
            .Select(row => new OurRefund(row.Id, row.OrderId, row.RefundNo, row.ChannelRefundId, row.Amount, row.Status == RefundStatus.Succeeded))
            .ToListAsync(cancellationToken);
        var booked = await db.LedgerEntries.AsNoTracking().Where(row => row.Account == LedgerAccount.Fees && fees.Contains(row.MovementId))
            .Select(row => new { row.MovementId, Fee = row.Debit - row.Credit }).ToListAsync(cancellationToken);
        var terms = await db.BillTerms.AsNoTracking().SingleOrDefaultAsync(row => row.ChannelAccountId == bill.ChannelAccountId, cancellationToken);
        return new OurBooks(payments.ToDictionary(payment => payment.TransactionId, StringComparer.Ordinal), refunds, terms?.FeeRate)
        {
            BookedFees = booked.GroupBy(row => row.MovementId).ToDictionary(group => group.Key, group => group.Sum(row => row.Fee)),
        };
    }

    /// <summary>Payments of the bill's day that no bill of the account tells of. Gateways' midnights may differ by a moment, hence any bill.</summary>
    public static async Task<List<OurPayment>> UntoldPaymentsAsync(PortalDbContext db, GatewayBill bill, CancellationToken cancellationToken)
    {
        var (from, to) = (BeijingTime.StartOf(bill.Day), BeijingTime.StartOf(bill.Day.AddDays(1)));
        return await db.Payments.AsNoTracking()
            .Where(row => row.ChannelAccountId == bill.ChannelAccountId && row.PaidAt >= from && row.PaidAt < to)
            .Where(row => !db.BillLines.Any(line => line.ChannelAccountId == row.ChannelAccountId && line.Key == row.ChannelTransactionId
                && (line.BillId == bill.Id || db.GatewayBills.Any(other => other.Id == line.BillId && other.IsCurrent && other.Day != bill.Day))))
            .OrderBy(row => row.Id).Select(row => new OurPayment(row.Id, row.OrderId, row.ChannelTransactionId, row.Amount)).ToListAsync(cancellationToken);
    }

    /// <summary>The same for refunds that are done.</summary>
    public static async Task<List<OurRefund>> UntoldRefundsAsync(PortalDbContext db, GatewayBill bill, CancellationToken cancellationToken)
    {
        var (from, to) = (BeijingTime.StartOf(bill.Day), BeijingTime.StartOf(bill.Day.AddDays(1)));
        return await db.Refunds.AsNoTracking()
            .Where(row => row.ChannelAccountId == bill.ChannelAccountId && row.Status == RefundStatus.Succeeded && row.SettledAt >= from && row.SettledAt < to)
            .Where(row => !db.BillLines.Any(line => line.ChannelAccountId == row.ChannelAccountId
                && (line.Key == BillRow.RefundPrefix + row.RefundNo || (row.ChannelRefundId != null && line.Key == BillRow.RefundIdPrefix + row.ChannelRefundId))
                && (line.BillId == bill.Id || db.GatewayBills.Any(other => other.Id == line.BillId && other.IsCurrent && other.Day != bill.Day))))
            .OrderBy(row => row.Id).Select(row => new OurRefund(row.Id, row.OrderId, row.RefundNo, row.ChannelRefundId, row.Amount, true)).ToListAsync(cancellationToken);
    }
}
