using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Ledger;

/// <summary>Reads of a store's books.</summary>
public sealed class LedgerQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Everything booked for an order, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> OfOrderAsync(Guid storeId, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.LedgerEntries.AsNoTracking().Where(entry => entry.StoreId == storeId && entry.OrderId == orderId)
            .OrderBy(entry => entry.Day).ThenBy(entry => entry.Number).ToListAsync(cancellationToken);
    }

    /// <summary>Sums per day, gateway account and account of the books.</summary>
    /// <param name="from">First Beijing day.</param>
    /// <param name="to">Last Beijing day.</param>
    public async Task<IReadOnlyList<LedgerBalance>> BalancesAsync(Guid storeId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.LedgerEntries.Where(entry => entry.StoreId == storeId && entry.Day >= from && entry.Day <= to)
            .GroupBy(entry => new { entry.Day, entry.ChannelAccountId, entry.Account })
            .OrderBy(group => group.Key.Day).ThenBy(group => group.Key.ChannelAccountId).ThenBy(group => group.Key.Account)
            .Select(group => new LedgerBalance(group.Key.Day, group.Key.ChannelAccountId, group.Key.Account, group.Sum(entry => entry.Debit), group.Sum(entry => entry.Credit)))
            .ToListAsync(cancellationToken);
    }
}

/// <param name="Debits">分.</param>
/// <param name="Credits">分.</param>
public sealed record LedgerBalance(DateOnly Day, Guid ChannelAccountId, LedgerAccount Account, long Debits, long Credits);
