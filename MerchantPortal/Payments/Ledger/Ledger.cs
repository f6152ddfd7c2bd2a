using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Ledger;

/// <summary>Writes movements of money into the books, in the commit of what moved it.</summary>
internal static class Ledger
{
    /// <summary>Locks the day's chain of the store until the caller's transaction ends.</summary>
    public static async Task PostAsync(this PortalDbContext db, Posting posting, CancellationToken cancellationToken)
    {
        var day = BeijingTime.Day(posting.At);
        var chain = LedgerEntry.Chain(day);
        var end = await HashChain.LockAsync(db, posting.StoreId, chain, cancellationToken);
        var (entries, next) = posting.Write(day, end);
        db.LedgerEntries.AddRange(entries);
        await HashChain.AdvanceAsync(db, posting.StoreId, chain, next, cancellationToken);
    }
}
