using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Ledger;

/// <summary>Writes movements of money into the books, in the commit of what moved it.</summary>
internal static class Ledger
{
    /// <summary>Locks the day's chain of the store until the caller's transaction ends.</summary>
    public static async Task PostAsync(this PortalDbContext db, Posting posting, CancellationToken cancellationToken) =>
        db.LedgerEntries.AddRange(await db.ChainAsync(posting.StoreId, [posting], cancellationToken));

    /// <summary>Locks the chains of the days concerned, and moves their ends behind the movements.</summary>
    /// <param name="postings">Of one store.</param>
    /// <returns>The rows of all movements, which the caller has to insert in the same transaction.</returns>
    public static async Task<IReadOnlyList<LedgerEntry>> ChainAsync(
        this PortalDbContext db, Guid storeId, IReadOnlyCollection<Posting> postings, CancellationToken cancellationToken)
    {
        var entries = new List<LedgerEntry>(postings.Count * 2);
        foreach (var ofDay in postings.OrderBy(posting => posting.At).GroupBy(posting => BeijingTime.Day(posting.At)))
        {
            var chain = LedgerEntry.Chain(ofDay.Key);
            var end = await HashChain.LockAsync(db, storeId, chain, cancellationToken);
            foreach (var posting in ofDay)
            {
                (var both, end) = posting.Write(ofDay.Key, end);
                entries.AddRange(both);
            }

            await HashChain.AdvanceAsync(db, storeId, chain, end, cancellationToken);
        }

        return entries;
    }

    /// <summary>Many movements that are written at one moment, under one lock.</summary>
    public static async Task PostAllAsync(this PortalDbContext db, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        foreach (var group in postings.GroupBy(posting => (posting.StoreId, Day: BeijingTime.Day(posting.At))))
        {
            var chain = LedgerEntry.Chain(group.Key.Day);
            var end = await HashChain.LockAsync(db, group.Key.StoreId, chain, cancellationToken);
            foreach (var posting in group)
            {
                (var entries, end) = posting.Write(group.Key.Day, end);
                db.LedgerEntries.AddRange(entries);
            }

            await HashChain.AdvanceAsync(db, group.Key.StoreId, chain, end, cancellationToken);
        }
    }
}
