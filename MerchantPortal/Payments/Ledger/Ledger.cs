using MerchantPortal.Data;

namespace MerchantPortal.Payments.Ledger;

/// <summary>Writes movements of money into the books, in the commit of what moved it.</summary>
internal static class Ledger
{
    /// <inheritdoc cref="PostAllAsync"/>
    public static Task PostAsync(this PortalDbContext db, Posting posting, CancellationToken cancellationToken) => db.PostAllAsync([posting], cancellationToken);

    /// <summary>Locks the chains concerned until the caller's transaction ends.</summary>
    public static async Task PostAllAsync(this PortalDbContext db, IReadOnlyList<Posting> postings, CancellationToken cancellationToken)
    {
        var pages = new LedgerPages(postings);
        await pages.Lock(new StatementBatch(db)).RunAsync(cancellationToken);
        var write = new StatementBatch(db);
        db.LedgerEntries.AddRange(pages.Write(write));
        await write.RunAsync(cancellationToken);
    }
}
