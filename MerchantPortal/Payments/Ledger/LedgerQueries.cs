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

    /// <summary>What a printed day-close sheet carries, so that the day's books can be proved unchanged later.</summary>
    /// <returns>Null when nothing was booked on the day.</returns>
    public async Task<LedgerAnchor?> AnchorAsync(Guid storeId, DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var chain = LedgerEntry.Chain(day);
        var head = await db.ChainHeads.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Chain == chain, cancellationToken);
        return head is null ? null : new LedgerAnchor(day, head.Number, Convert.ToHexStringLower(head.Hash));
    }
}

/// <param name="Debits">分.</param>
/// <param name="Credits">分.</param>
public sealed record LedgerBalance(DateOnly Day, Guid ChannelAccountId, LedgerAccount Account, long Debits, long Credits);

/// <param name="Entries">Rows of the day.</param>
/// <param name="Hash">Closing hash of the day's chain, 64 hex digits.</param>
public sealed record LedgerAnchor(DateOnly Day, long Entries, string Hash);
