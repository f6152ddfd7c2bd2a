using System.Threading.Channels;

namespace MerchantPortal.Orders;

/// <summary>Reads what changes in one filter of one store for all lists that show it here, from the first list until the last has left.</summary>
internal sealed partial class FilterReader(
    (Guid StoreId, OrderFilter Filter) what, OrderQueries queries, OrderFeed feed, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MaxPending = 8;

    /// <summary>Most orders that one statement asks for.</summary>
    private const int MaxAtOnce = 500;

    /// <summary>Totals read the whole filter: they get at most this share of the time.</summary>
    private const int TotalsRest = 10;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Channel<OrderChange>> _lists = [];
    private Task _running = Task.CompletedTask;
    private OrderChange _last = new(0, 0, [], [], null);
    private ChangeHints? _hints;
    private DateTimeOffset _totalsDue;
    private bool _totalsStale = true;

    /// <summary>The last number of the feed that is among what is to be published or has been.</summary>
    public long Noticed => _hints?.Number ?? 0;

    /// <param name="afterNumber">What the first list knows of the feed.</param>
    public void Start(long afterNumber)
    {
        _last = new OrderChange(afterNumber, afterNumber, [], [], null);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public Channel<OrderChange> Add()
    {
        var changes = Channel.CreateBounded<OrderChange>(
            new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            _lists.Add(changes);
            if (_last.Totals is not null)
            {
                changes.Writer.TryWrite(new OrderChange(_last.Number, _last.Number, [], [], _last.Totals));
            }
        }

        return changes;
    }

    /// <returns>True when that was the last one.</returns>
    public bool Remove(Channel<OrderChange> changes)
    {
        lock (_lock)
        {
            return _lists.Remove(changes) && _lists.Count == 0;
        }
    }

    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost: reading goes on from where the last change ended.
                Log.ReadingFailed(logger, what.StoreId, exception);
                await Task.Delay(AfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Notices and publishes side by side; ends when either breaks.</summary>
    private async Task ReadAsync()
    {
        using var hints = new ChangeHints(_last.Number);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _hints = hints;
        Task[] both = [NoticeAsync(hints, ending.Token), PublishAsync(hints, ending.Token)];
        try
        {
            await await Task.WhenAny(both);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task NoticeAsync(ChangeHints hints, CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.FollowAsync(what.StoreId, _last.Number, cancellationToken))
        {
            hints.Add(batch);
        }
    }

    /// <summary>What comes first is published at once; what comes soon after it waits, together, for its turn.</summary>
    private async Task PublishAsync(ChangeHints hints, CancellationToken cancellationToken)
    {
        hints.Raise();
        while (true)
        {
            await hints.WaitAsync(cancellationToken);
            var turn = Task.Delay(LiveOrders.BetweenChanges, time, cancellationToken);
            var (number, ids) = hints.Take();
            var (rows, matching) = await RowsAsync(ids, cancellationToken);
            Publish(new OrderChange(_last.Number, number, rows, matching, await TotalsAsync(ids.Count > 0, hints, cancellationToken)));
            await turn;
        }
    }

    private async Task<(IReadOnlyList<OrderSummary> All, IReadOnlyList<OrderSummary> Matching)> RowsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        List<OrderSummary> all = [], matching = [];
        foreach (var some in ids.Chunk(MaxAtOnce))
        {
            var rows = await queries.RowsAsync(what.StoreId, OrderFilter.All, some, cancellationToken);
            all.AddRange(rows);
            matching.AddRange(what.Filter == OrderFilter.All ? rows : await queries.RowsAsync(what.StoreId, what.Filter, some, cancellationToken));
        }

        return (all, matching);
    }

    private async Task<OrderTotals?> TotalsAsync(bool changed, ChangeHints hints, CancellationToken cancellationToken)
    {
        _totalsStale |= changed;
        var early = _totalsDue - time.GetUtcNow();
        if (!_totalsStale)
        {
            return _last.Totals;
        }

        if (early > TimeSpan.Zero)
        {
            hints.RaiseAfter(early, time);
            return _last.Totals;
        }

        var started = time.GetTimestamp();
        var totals = await queries.TotalsAsync(what.StoreId, what.Filter, cancellationToken);
        (_totalsStale, _totalsDue) = (false, time.GetUtcNow() + (time.GetElapsedTime(started) * TotalsRest));
        return totals;
    }

    private void Publish(OrderChange change)
    {
        lock (_lock)
        {
            _last = change;
            foreach (var list in _lists)
            {
                list.Writer.TryWrite(change);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2003, LogLevel.Warning, "The changed orders of store {StoreId} cannot be read now; trying again.")]
        public static partial void ReadingFailed(ILogger logger, Guid storeId, Exception exception);
    }
}
