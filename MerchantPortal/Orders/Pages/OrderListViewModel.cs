namespace MerchantPortal.Orders.Pages;

/// <summary>
/// The order list without its markup: loads what the address asks for, then follows the store's feed from the number it had read
/// before the rows, so that nothing slips by. Bursts become at most four changes of the screen a second.
/// </summary>
public sealed class OrderListViewModel(OrderQueries queries, OrderFeed feed, TimeProvider time) : IAsyncDisposable
{
    public const int PageSize = 50;

    /// <summary>A reader cannot follow more; a circuit should not send more.</summary>
    public static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(250);

    /// <summary>Beyond that, reading the page anew is cheaper than asking for each row.</summary>
    private const int MaxHints = 500;

    /// <summary>Totals read the whole filter: they get at most this share of the time.</summary>
    private const int TotalsRest = 10;

    private readonly ChangeHints _hints = new();
    private CancellationTokenSource _current = new();
    private Task _running = Task.CompletedTask;
    private (Guid StoreId, OrderFilter Filter, OrderCursor Cursor) _asked;
    private DateTimeOffset _totalsDue;
    private bool _totalsStale;

    public OrderListRows Rows { get; } = new(PageSize);

    /// <summary>Null until they have been read.</summary>
    public OrderTotals? Totals { get; private set; }

    /// <summary>False until the first rows are there.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Number of the last feed row that the list has taken in.</summary>
    public long FeedNumber { get; private set; }

    /// <summary>Whether the reader looks at the first rows.</summary>
    public bool IsAtTop { get; set; } = true;

    public async Task LoadAsync(Guid storeId, OrderFilter filter, OrderCursor cursor)
    {
        await StopAsync();
        _asked = (storeId, filter, cursor);
        (Totals, _totalsStale, _totalsDue) = (null, true, default);
        await ReloadAsync(_current.Token);
    }

    /// <summary>From now on the list keeps itself up to date.</summary>
    /// <param name="changed">Called after each change, one at a time.</param>
    public void Follow(Func<Task> changed)
    {
        _hints.Raise();
        _running = Task.WhenAll(FeedAsync(_current.Token), RefreshAsync(changed, _current.Token));
    }

    /// <summary>Completes when the list no longer follows; faulted when following broke.</summary>
    public Task Following => _running;

    public async Task ReadTotalsAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        _totalsStale = false;
        Totals = await queries.TotalsAsync(_asked.StoreId, _asked.Filter, cancellationToken);
        _totalsDue = time.GetUtcNow() + (time.GetElapsedTime(started) * TotalsRest);
    }

    /// <summary>Totals that would keep the page waiting come after it.</summary>
    public Task ReadQuickTotalsAsync(CancellationToken cancellationToken) =>
        OrderSums.IsQuick(_asked.Filter) ? ReadTotalsAsync(cancellationToken) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _current.Dispose();
        _hints.Dispose();
    }

    private async Task StopAsync()
    {
        await _current.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _current.Dispose();
        _current = new CancellationTokenSource();
        _hints.Take();
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        FeedNumber = await feed.LastNumberAsync(_asked.StoreId, cancellationToken);
        Rows.Load(await queries.PageAsync(_asked.StoreId, _asked.Filter, _asked.Cursor, PageSize, cancellationToken), _asked.Cursor.IsNewest);
        IsLoaded = true;
    }

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.FollowAsync(_asked.StoreId, FeedNumber, cancellationToken))
        {
            FeedNumber = batch[^1].Number;
            _hints.Add(batch.Select(entry => entry.OrderId));
        }
    }

    private async Task RefreshAsync(Func<Task> changed, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _hints.WaitAsync(cancellationToken);
            var ids = _hints.Take();
            await ApplyAsync(ids, cancellationToken);
            await changed();
            await Task.Delay(BetweenChanges, time, cancellationToken);
        }
    }

    private async Task ApplyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > MaxHints)
        {
            await ReloadAsync(cancellationToken);
        }
        else if (ids.Count > 0)
        {
            Guid[] shown = [.. ids.Where(Rows.Shows)];
            Guid[] others = [.. ids.Where(id => !Rows.Shows(id))];
            Rows.Apply(
                shown.Length == 0 ? [] : await queries.RowsAsync(_asked.StoreId, new OrderFilter(), shown, cancellationToken),
                others.Length == 0 ? [] : await queries.RowsAsync(_asked.StoreId, _asked.Filter, others, cancellationToken),
                IsAtTop);
        }

        _totalsStale |= ids.Count > 0;
        var early = _totalsDue - time.GetUtcNow();
        if (_totalsStale && early <= TimeSpan.Zero)
        {
            await ReadTotalsAsync(cancellationToken);
        }
        else if (_totalsStale)
        {
            _hints.RaiseAfter(early, time);
        }
    }
}
