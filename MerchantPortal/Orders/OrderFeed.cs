using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>
/// A store's feed as something to follow. The rows are the truth; what is pushed only saves the reading, so a follower that was
/// slow or away continues from its number without a gap. However many follow, one reader per store and instance asks the database.
/// </summary>
public sealed class OrderFeed(IDbContextFactory<PortalDbContext> contexts, FeedSignal signal, TimeProvider time, ILogger<OrderFeed> logger) : IDisposable
{
    /// <summary>Most rows that one reading brings.</summary>
    public const int MaxBatch = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, StoreFeedReader> _readers = [];

    /// <summary>The newest number of a store; 0 before its first change. A page that reads it before its rows misses nothing.</summary>
    public async Task<long> LastNumberAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Stores.Where(store => store.Id == storeId).Select(store => store.LastFeedNumber).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Rows after a number, oldest first; empty when there are none yet.</summary>
    public async Task<IReadOnlyList<FeedEntry>> ReadAfterAsync(Guid storeId, long afterNumber, int max, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Feed.AsNoTracking()
            .Where(entry => entry.StoreId == storeId && entry.Number > afterNumber)
            .OrderBy(entry => entry.Number)
            .Take(max)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The oldest number that is kept; null before the first change.</summary>
    public async Task<long?> OldestNumberAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Feed.Where(entry => entry.StoreId == storeId).OrderBy(entry => entry.Number)
            .Select(entry => (long?)entry.Number).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Completes when the store has a row after the number; at once when it has one already. To read what comes, follow instead.</summary>
    public async Task WaitAsync(Guid storeId, long afterNumber, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = signal.NextAsync(storeId);
            if (await LastNumberAsync(storeId, cancellationToken) > afterNumber)
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Every row after the number, each once, in order, until cancelled. Rows that came while the caller was busy arrive together.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<FeedEntry>> FollowAsync(
        Guid storeId, long afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = Subscribe(storeId);
        // Once the reader knows its own number, whatever this catching-up does not see will be pushed.
        await subscription.ReadyAsync(cancellationToken);
        var last = afterNumber;
        var behind = true;
        while (true)
        {
            var batch = behind
                ? await ReadAfterAsync(storeId, last, MaxBatch, cancellationToken)
                : (await subscription.TakeAsync(cancellationToken)).Where(entry => entry.Number > last).ToList();
            // Numbers have no holes: one that is not the next tells that something was dropped on the way.
            if (!behind && batch is [{ } first, ..] && first.Number != last + 1)
            {
                behind = true;
                continue;
            }

            behind = behind && batch.Count == MaxBatch;
            if (batch is [.., { } newest])
            {
                last = newest.Number;
                yield return batch;
            }
        }
    }

    /// <summary>The program ends: nobody reads the database after it is gone.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var reader in _readers.Values)
            {
                reader.Dispose();
            }

            _readers.Clear();
        }
    }

    private FeedSubscription Subscribe(Guid storeId)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(storeId, out var reader))
            {
                _readers[storeId] = reader = new StoreFeedReader(storeId, this, signal, time, logger);
            }

            return reader.Add(Leave);
        }
    }

    private void Leave(StoreFeedReader reader, FeedSubscription subscription)
    {
        lock (_lock)
        {
            if (reader.Remove(subscription) && _readers.Remove(reader.StoreId))
            {
                reader.Dispose();
            }
        }
    }

    /// <summary>How many stores are being read now: none when nobody follows.</summary>
    internal int Readers
    {
        get
        {
            lock (_lock)
            {
                return _readers.Count;
            }
        }
    }
}
