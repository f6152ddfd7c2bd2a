using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Takes a bill file in: proves all of it first, then writes its lines some at a time, then compares it with the books. A file that was taken
/// before brings nothing new; one that was broken off by a crash is written again from the beginning.
/// </summary>
public sealed class TakeBill(PortalWriter writer, MatchBill match, TimeProvider time)
{
    public async Task<TakeBillResult> ExecuteAsync(BillToTake bill, CancellationToken cancellationToken)
    {
        var owner = new BillOwner(bill.Account.MerchantId, bill.Day);
        var reading = await bill.Format.ReadAsync(bill.File, owner, (_, _) => ValueTask.CompletedTask, cancellationToken);
        if (reading is not BillReading.Whole whole)
        {
            return new TakeBillResult.Refused((BillReading.Refused)reading);
        }

        var row = await writer.WriteAsync((db, ct) => BeginAsync(db, bill, whole, ct), cancellationToken);
        if (row.MatchedAt is null)
        {
            await WriteLinesAsync(row, bill, owner, cancellationToken);
        }

        await match.ExecuteAsync(row.Id, bill.Lease, cancellationToken);
        return new TakeBillResult.Taken(row.Id, IsNew: row.MatchedAt is null);
    }

    /// <summary>The gateway says that there is nothing although the books have something: an empty bill, against which they are compared.</summary>
    public async Task TakeNothingAsync(BillToTake bill, CancellationToken cancellationToken)
    {
        var row = await writer.WriteAsync((db, ct) => BeginAsync(db, bill, new BillReading.Whole(BillTotals.Zero, new string('0', 64)), ct), cancellationToken);
        await match.ExecuteAsync(row.Id, bill.Lease, cancellationToken);
    }

    private async Task<GatewayBill> BeginAsync(PortalDbContext db, BillToTake bill, BillReading.Whole whole, CancellationToken cancellationToken)
    {
        await bill.RequireLeaseAsync(db, cancellationToken);
        var known = await db.GatewayBills.AsNoTracking()
            .SingleOrDefaultAsync(row => row.ChannelAccountId == bill.Account.Id && row.Day == bill.Day && row.Sha256 == whole.Sha256, cancellationToken);
        if (known is not null)
        {
            if (known.MatchedAt is null)
            {
                await db.BillLines.Where(line => line.BillId == known.Id).ExecuteDeleteAsync(cancellationToken);
            }

            return known;
        }

        var now = time.GetUtcNow();
        var added = db.GatewayBills.Add(bill.Row(whole, now)).Entity;
        if (bill.Source == BillSource.Uploaded)
        {
            await db.AuditAsync(
                bill.Actor,
                new AuditAct(AuditActions.BillUploaded, $"{bill.Account.Name} {bill.Day:yyyy-MM-dd}", After: new() { ["file"] = bill.FileName ?? "", ["sha256"] = whole.Sha256 }),
                now, cancellationToken);
        }

        return added;
    }

    private async Task WriteLinesAsync(GatewayBill row, BillToTake bill, BillOwner owner, CancellationToken cancellationToken)
    {
        List<BillRow> waiting = [];
        await bill.Format.ReadAsync(
            bill.File,
            owner,
            async (line, ct) =>
            {
                waiting.Add(line);
                if (waiting.Count == BillBooks.Chunk)
                {
                    await WriteAsync(row, bill, waiting, ct);
                    waiting.Clear();
                }
            },
            cancellationToken);
        await WriteAsync(row, bill, waiting, cancellationToken);
    }

    private Task<bool> WriteAsync(GatewayBill row, BillToTake bill, IReadOnlyList<BillRow> lines, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            await bill.RequireLeaseAsync(db, ct);
            var keys = lines.Select(line => line.Key).Distinct().ToList();
            var told = (await db.BillLines.Where(line => line.BillId == row.Id && keys.Contains(line.Key)).Select(line => line.Key).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
            db.BillLines.AddRange(lines.Select(line => BillLine.Of(line, row, isRepeat: !told.Add(line.Key))));
            return true;
        },
        cancellationToken);
}

/// <param name="File">Seekable.</param>
/// <param name="FileName">As the person's file is called; null for a download.</param>
/// <param name="Lease">Held by the job that brings it; null for a person.</param>
public sealed record BillToTake(
    ChannelAccount Account, DateOnly Day, IBillFormat Format, Stream File, BillSource Source, Actor Actor, string? FileName = null, HeldLease? Lease = null)
{
    internal Task RequireLeaseAsync(PortalDbContext db, CancellationToken cancellationToken) => Lease?.RequireAsync(db, cancellationToken) ?? Task.CompletedTask;

    internal GatewayBill Row(BillReading.Whole whole, DateTimeOffset now) => new()
    {
        StoreId = Account.StoreId,
        ChannelAccountId = Account.Id,
        Day = Day,
        Sha256 = whole.Sha256,
        Source = Source,
        FileName = FileName is { Length: > 200 } ? FileName[..200] : FileName,
        TakenBy = Actor.Name,
        TakenAt = now,
        Rows = whole.Totals.Rows,
        Payments = whole.Totals.Payments,
        Paid = whole.Totals.Paid,
        Refunds = whole.Totals.Refunds,
        Refunded = whole.Totals.Refunded,
        Fees = whole.Totals.Fees,
    };
}

public abstract record TakeBillResult
{
    /// <param name="IsNew">False for a bill that was here already.</param>
    public sealed record Taken(Guid BillId, bool IsNew) : TakeBillResult;

    public sealed record Refused(BillReading.Refused Why) : TakeBillResult;
}
