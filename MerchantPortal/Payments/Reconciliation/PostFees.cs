using MerchantPortal.Data;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Books the fees of a bill whose payments are in the books, each once, whichever bill tells of it and however often it is read.</summary>
public sealed class PostFees(PortalWriter writer, TimeProvider time)
{
    /// <param name="lease">Held by the job that does it; null for a person.</param>
    public async Task ExecuteAsync(Guid billId, HeldLease? lease, CancellationToken cancellationToken)
    {
        while (await writer.WriteAsync((db, ct) => PostSomeAsync(db, billId, lease, ct), cancellationToken) == BillBooks.Chunk)
        {
            // Some at a time: other writers come in between.
        }
    }

    /// <summary>Books the rest where the bill says another fee than an earlier one, which was booked.</summary>
    internal static async Task CorrectAsync(PortalDbContext db, BillDifference difference, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = await db.BillLines.AsNoTracking().SingleAsync(row => row.Id == difference.LineId, cancellationToken);
        var booked = await db.LedgerEntries.Where(row => row.Account == LedgerAccount.Fees && row.MovementId == line.FeeId).ToListAsync(cancellationToken);
        var rest = line.Fee - booked.Sum(row => row.Debit - row.Credit);
        if (booked.Count == 0 || rest == 0)
        {
            return;
        }

        // A return may stand beside the fee under its own number; a second fee needs another.
        var movement = rest > 0 ? LedgerMovement.Fee : LedgerMovement.FeeReturn;
        var number = booked.Exists(row => row.Movement == movement) ? difference.Id : line.FeeId;
        await db.PostAsync(new Posting(difference.StoreId, difference.ChannelAccountId, difference.OrderId, movement, number, Math.Abs(rest), now), cancellationToken);
    }

    /// <returns>How many were booked.</returns>
    private async Task<int> PostSomeAsync(PortalDbContext db, Guid billId, HeldLease? lease, CancellationToken cancellationToken)
    {
        if (lease is not null)
        {
            await lease.RequireAsync(db, cancellationToken);
        }

        var storeId = await db.GatewayBills.Where(row => row.Id == billId).Select(row => row.StoreId).SingleAsync(cancellationToken);
        var due = await db.BillLines.AsNoTracking()
            .Where(line => line.BillId == billId && line.Fee != 0 && line.Status == BillRowStatus.Succeeded && !line.IsRepeat)
            .Where(line => !db.LedgerEntries.Any(entry => entry.MovementId == line.FeeId))
            .Join(db.Payments, line => new { line.ChannelAccountId, Transaction = line.TransactionId },
                payment => new { payment.ChannelAccountId, Transaction = payment.ChannelTransactionId }, (line, payment) => new { Line = line, payment.OrderId })
            .OrderBy(row => row.Line.Line).Take(BillBooks.Chunk).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        await db.PostAllAsync(
            [
                .. due.Select(row => new Posting(
                    storeId, row.Line.ChannelAccountId, row.OrderId, row.Line.Fee > 0 ? LedgerMovement.Fee : LedgerMovement.FeeReturn, row.Line.FeeId, Math.Abs(row.Line.Fee), now)),
            ],
            cancellationToken);
        return due.Count;
    }
}
