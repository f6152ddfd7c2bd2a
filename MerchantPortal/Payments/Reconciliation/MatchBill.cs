using System.Globalization;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Compares a bill with the books and keeps what differs, in one commit: new differences open a case each, those that are gone settle theirs.
/// Doing it again changes nothing unless the bill or the books have changed.
/// </summary>
public sealed class MatchBill(PortalWriter writer, PostFees postFees, TimeProvider time)
{
    /// <summary>Makes the bill the one that counts of its day, too.</summary>
    /// <param name="lease">Held by the job that does it; null for a person.</param>
    public async Task ExecuteAsync(Guid billId, HeldLease? lease, CancellationToken cancellationToken)
    {
        await writer.WriteAsync((db, ct) => MatchAsync(db, billId, lease, ct), cancellationToken);
        await postFees.ExecuteAsync(billId, lease, cancellationToken);
    }

    private async Task<bool> MatchAsync(PortalDbContext db, Guid billId, HeldLease? lease, CancellationToken cancellationToken)
    {
        if (lease is not null)
        {
            await lease.RequireAsync(db, cancellationToken);
        }

        var bill = await db.GatewayBills.SingleAsync(row => row.Id == billId, cancellationToken);
        if (!bill.IsCurrent)
        {
            // At once, and not with the rest: the index allows one current bill.
            await db.GatewayBills.Where(row => row.ChannelAccountId == bill.ChannelAccountId && row.Day == bill.Day && row.IsCurrent)
                .ExecuteUpdateAsync(rows => rows.SetProperty(row => row.IsCurrent, false).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
        }

        var now = time.GetUtcNow();
        (bill.IsCurrent, bill.MatchedAt) = (true, now);
        var findings = await FindAsync(db, bill, cancellationToken);
        await KeepAsync(db, bill, findings, now, cancellationToken);
        return true;
    }

    private static async Task<List<Finding>> FindAsync(PortalDbContext db, GatewayBill bill, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        await foreach (var lines in BillBooks.LinesAsync(db, bill.Id, cancellationToken))
        {
            findings.AddRange(BillMatcher.Compare(lines, await BillBooks.ReadAsync(db, bill, lines, cancellationToken)));
        }

        findings.AddRange((await BillBooks.UntoldPaymentsAsync(db, bill, cancellationToken)).Select(BillMatcher.Missing));
        findings.AddRange((await BillBooks.UntoldRefundsAsync(db, bill, cancellationToken)).Select(BillMatcher.Missing));
        return findings;
    }

    private static async Task KeepAsync(PortalDbContext db, GatewayBill bill, List<Finding> findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.BillDifferences.Where(row => row.ChannelAccountId == bill.ChannelAccountId && row.Day == bill.Day).ToListAsync(cancellationToken);
        var bySubject = known.ToLookup(row => (row.Kind, row.SubjectKey));
        foreach (var finding in findings)
        {
            var same = bySubject[(finding.Kind, finding.SubjectKey)].ToList();
            if (same.Find(row => row.Status == DifferenceStatus.Open) is { } open)
            {
                Update(open, bill, finding);
            }
            else if (!same.Exists(row => row.Status != DifferenceStatus.Settled && row.Theirs == finding.Theirs && row.Ours == finding.Ours))
            {
                var difference = db.BillDifferences.Add(New(bill, finding, now)).Entity;
                Update(difference, bill, finding);
                await db.OpenCaseAsync(FindingOf(difference), now, cancellationToken);
            }
        }

        var found = findings.Select(finding => (finding.Kind, finding.SubjectKey)).ToHashSet();
        foreach (var gone in known.Where(row => row.Status == DifferenceStatus.Open && !found.Contains((row.Kind, row.SubjectKey))))
        {
            (gone.Status, gone.ResolvedAt) = (DifferenceStatus.Settled, now);
            await db.SettleCaseAsync(gone.StoreId, CaseKind.BillDifference, CaseKey(gone), CaseResolution.Settled, now, cancellationToken);
        }
    }

    private static BillDifference New(GatewayBill bill, Finding finding, DateTimeOffset now) => new()
    {
        StoreId = bill.StoreId,
        ChannelAccountId = bill.ChannelAccountId,
        Day = bill.Day,
        Kind = finding.Kind,
        SubjectKey = finding.SubjectKey,
        BillId = bill.Id,
        FoundAt = now,
    };

    private static void Update(BillDifference difference, GatewayBill bill, Finding finding)
    {
        difference.BillId = bill.Id;
        (difference.LineId, difference.OrderId, difference.PaymentId, difference.RefundId) = (finding.LineId, finding.OrderId, finding.PaymentId, finding.RefundId);
        (difference.Theirs, difference.Ours, difference.Delta) = (finding.Theirs, finding.Ours, finding.Delta);
    }

    private static CaseFinding FindingOf(BillDifference difference) => new(
        difference.StoreId, CaseKind.BillDifference, CaseKey(difference), Math.Abs(difference.Delta != 0 ? difference.Delta : (difference.Theirs ?? 0) - (difference.Ours ?? 0)),
        new()
        {
            ["kind"] = difference.Kind.ToString(),
            ["day"] = difference.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["subject"] = difference.SubjectKey,
            ["difference"] = difference.Id.ToString("N"),
        })
    {
        OrderId = difference.OrderId,
        PaymentId = difference.PaymentId,
        RefundId = difference.RefundId,
    };

    internal static string CaseKey(BillDifference difference) => string.Create(
        CultureInfo.InvariantCulture, $"{difference.ChannelAccountId:N}:{difference.Day:yyyyMMdd}:{difference.Kind}:{difference.SubjectKey}");
}
