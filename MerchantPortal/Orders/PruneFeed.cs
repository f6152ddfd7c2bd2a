using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>
/// Drops the oldest part of each store's feed: it tells readers where to look, and none looks that far back. What happened stays in the
/// timelines. The newest rows stay however old they are.
/// </summary>
public sealed class PruneFeed(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, TimeProvider time)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Rows that a quiet store keeps at least.</summary>
    public const int KeptRows = 1_000;

    /// <summary>Payments wait while a part is being deleted, so parts are small.</summary>
    private const int PerCommit = 1_000;

    /// <returns>Rows deleted.</returns>
    public async Task<long> ExecuteAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var (storeId, end) in await EndsAsync(cancellationToken))
        {
            while (await DeletePartAsync(storeId, end, cancellationToken) is > 0 and var part)
            {
                deleted += part;
            }
        }

        return deleted;
    }

    /// <summary>Per store the first number that stays.</summary>
    private async Task<IReadOnlyList<(Guid StoreId, long End)>> EndsAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var cutoff = time.GetUtcNow() - Kept;
        var ends = new List<(Guid, long)>();
        foreach (var store in await db.Stores.Select(row => new { row.Id, row.LastFeedNumber }).ToListAsync(cancellationToken))
        {
            var young = await db.Feed.Where(row => row.StoreId == store.Id && row.At >= cutoff).OrderBy(row => row.Number)
                .Select(row => (long?)row.Number).FirstOrDefaultAsync(cancellationToken);
            ends.Add((store.Id, Math.Min(young ?? long.MaxValue, store.LastFeedNumber - KeptRows + 1)));
        }

        return ends;
    }

    private Task<int> DeletePartAsync(Guid storeId, long end, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var oldest = await db.Feed.Where(row => row.StoreId == storeId).OrderBy(row => row.Number).Select(row => (long?)row.Number).FirstOrDefaultAsync(ct);
            var upTo = Math.Min(end, (oldest ?? end) + PerCommit);
            return await db.Feed.Where(row => row.StoreId == storeId && row.Number < upTo).ExecuteDeleteAsync(ct);
        },
        cancellationToken);
}
