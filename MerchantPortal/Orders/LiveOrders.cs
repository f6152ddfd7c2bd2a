using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MerchantPortal.Orders;

/// <summary>
/// Filters as something to follow: feed → one reader for each store and filter → the lists that show it. However many lists are open,
/// a change is read once; a burst becomes at most four changes a second.
/// </summary>
public sealed class LiveOrders(OrderQueries queries, OrderFeed feed, TimeProvider time, ILogger<LiveOrders> logger) : IDisposable
{
    /// <summary>A reader cannot follow more; a circuit should not send more.</summary>
    public static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid StoreId, OrderFilter Filter), FilterReader> _readers = [];

    /// <summary>
    /// Every change from now on, until cancelled; the first comes at once and brings the totals. Whoever is slow loses the oldest, and
    /// sees it by <see cref="OrderChange.After"/>.
    /// </summary>
    /// <param name="afterNumber">The feed's last number, read before the rows that the caller has.</param>
    public async IAsyncEnumerable<OrderChange> FollowAsync(
        Guid storeId, OrderFilter filter, long afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (reader, changes) = Join((storeId, filter), afterNumber);
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            await LeaveAsync((storeId, filter), reader, changes);
        }
    }

    /// <summary>The program ends: nobody reads the database after it is gone.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var reader in _readers.Values)
            {
                reader.Stop();
            }

            _readers.Clear();
        }
    }

    /// <summary>How far the feed has been noticed for a filter, published or not; null when nobody follows it.</summary>
    internal long? Noticed(Guid storeId, OrderFilter filter)
    {
        lock (_lock)
        {
            return _readers.GetValueOrDefault((storeId, filter))?.Noticed;
        }
    }

    private (FilterReader Reader, Channel<OrderChange> Changes) Join((Guid, OrderFilter) what, long afterNumber)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(what, out var reader))
            {
                _readers[what] = reader = new FilterReader(what, queries, feed, time, logger);
                reader.Start(afterNumber);
            }

            return (reader, reader.Add());
        }
    }

    private async Task LeaveAsync((Guid, OrderFilter) what, FilterReader reader, Channel<OrderChange> changes)
    {
        lock (_lock)
        {
            if (!reader.Remove(changes))
            {
                return;
            }

            _readers.Remove(what);
        }

        await reader.DisposeAsync();
    }
}
