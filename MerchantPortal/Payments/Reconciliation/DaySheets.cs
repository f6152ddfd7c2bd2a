using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Adds a day up from the payments, from the ledger, and from the bills: three sums that know nothing of each other.</summary>
internal static class DaySheets
{
    public static async Task<DaySheet> ReadAsync(PortalDbContext db, Guid storeId, DateOnly day, CancellationToken cancellationToken)
    {
        var bills = await db.GatewayBills.AsNoTracking().Where(row => row.StoreId == storeId && row.Day == day && row.IsCurrent).ToListAsync(cancellationToken);
        var days = await db.BillDays.AsNoTracking().Where(row => row.StoreId == storeId && row.Day == day).Select(row => row.ChannelAccountId).ToListAsync(cancellationToken);
        var ids = bills.Select(bill => bill.ChannelAccountId).Union(days).ToList();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => row.StoreId == storeId && ids.Contains(row.Id)).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var sums = new List<DayAccount>();
        foreach (var account in accounts)
        {
            sums.Add(await AccountAsync(db, account, bills.Find(bill => bill.ChannelAccountId == account.Id), day, cancellationToken));
        }

        return new DaySheet(day, sums, await NotesAsync(db, storeId, day, cancellationToken), await db.AnchorAsync(storeId, day, cancellationToken));
    }

    private static async Task<DayAccount> AccountAsync(PortalDbContext db, ChannelAccount account, GatewayBill? bill, DateOnly day, CancellationToken cancellationToken)
    {
        var (from, to) = (BeijingTime.StartOf(day), BeijingTime.StartOf(day.AddDays(1)));
        var payments = db.Payments.Where(row => row.ChannelAccountId == account.Id && row.PaidAt >= from && row.PaidAt < to);
        var refunds = db.Refunds.Where(row => row.ChannelAccountId == account.Id && row.Status == RefundStatus.Succeeded && row.SettledAt >= from && row.SettledAt < to);
        var balance = db.LedgerEntries.Where(row => row.Account == LedgerAccount.GatewayBalance);
        var billId = bill?.Id;
        var received = payments.Join(balance, row => row.Id, entry => entry.MovementId, (_, entry) => entry);
        var givenBack = refunds.Join(balance, row => row.Id, entry => entry.MovementId, (_, entry) => entry);
        var fees = db.BillLines.Where(line => line.BillId == billId && !line.IsRepeat)
            .Join(db.LedgerEntries.Where(row => row.Account == LedgerAccount.Fees), line => line.FeeId, entry => entry.MovementId, (_, entry) => entry);
        return new DayAccount(
            account.Id, account.Name, account.Channel,
            new DaySum(
                await payments.CountAsync(cancellationToken), await payments.SumAsync(row => row.Amount, cancellationToken),
                await refunds.CountAsync(cancellationToken), await refunds.SumAsync(row => row.Amount, cancellationToken), 0),
            new DaySum(
                await received.CountAsync(cancellationToken), await received.SumAsync(entry => entry.Debit - entry.Credit, cancellationToken),
                await givenBack.CountAsync(cancellationToken), await givenBack.SumAsync(entry => entry.Credit - entry.Debit, cancellationToken),
                bill is null ? 0 : await fees.SumAsync(entry => entry.Debit - entry.Credit, cancellationToken)),
            bill is null ? DaySum.Zero : new DaySum(bill.Payments, bill.Paid, bill.Refunds, bill.Refunded, bill.Fees),
            bill?.Sha256);
    }

    /// <summary>Those that the newest comparison has still found: what settled by itself explains nothing.</summary>
    private static async Task<List<DayNote>> NotesAsync(PortalDbContext db, Guid storeId, DateOnly day, CancellationToken cancellationToken) =>
        await db.BillDifferences.AsNoTracking()
            .Where(row => row.StoreId == storeId && row.Day == day && (row.Status == DifferenceStatus.Accepted || row.Status == DifferenceStatus.Explained))
            .OrderBy(row => row.Id)
            .Select(row => new DayNote(row.Kind, row.SubjectKey, row.Delta, row.Status, row.ResolvedBy ?? "", row.Reason ?? "")).ToListAsync(cancellationToken);
}
