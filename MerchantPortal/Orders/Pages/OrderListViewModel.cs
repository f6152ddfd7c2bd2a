namespace MerchantPortal.Orders.Pages;

/// <summary>
/// The order list without its markup: loads what the address asks for, then takes in what changes, from the feed's number that it had
/// read before the rows, so that nothing slips by.
/// </summary>
public sealed class OrderListViewModel(OrderQueries queries, OrderFeed feed, LiveOrders live) : IAsyncDisposable
{
    public const int PageSize = 50;

    private CancellationTokenSource _current = new();
    private (Guid StoreId, OrderFilter Filter, OrderCursor Cursor) _asked;

    public OrderListRows Rows { get; } = new(PageSize);

    /// <summary>Null until they have been read.</summary>
    public OrderTotals? Totals { get; private set; }

    /// <summary>False until the first rows are there.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Number of the last feed row that the list has taken in.</summary>
    public long FeedNumber { get; private set; }

    /// <summary>Whether the reader looks at the first rows.</summary>
    public bool IsAtTop { get; set; } = true;

    /// <summary>Completes when the list no longer follows; faulted when following broke.</summary>
    public Task Following { get; private set; } = Task.CompletedTask;

    public async Task LoadAsync(Guid storeId, OrderFilter filter, OrderCursor cursor)
    {
        await StopAsync();
        _asked = (storeId, filter, cursor);
        Totals = null;
        await ReloadAsync(_current.Token);
    }

    /// <summary>From now on the list keeps itself up to date.</summary>
    /// <param name="changed">Called after each change, one at a time.</param>
    public void Follow(Func<Task> changed) => Following = FollowAsync(changed, _current.Token);

    /// <summary>For a page that nobody follows. Totals that would keep it waiting are left out.</summary>
    public async Task ReadQuickTotalsAsync(CancellationToken cancellationToken) => Totals =
        OrderSums.IsQuick(_asked.Filter) ? await queries.TotalsAsync(_asked.StoreId, _asked.Filter, cancellationToken) : null;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _current.Dispose();
    }

    private async Task StopAsync()
    {
        await _current.CancelAsync();
        await Following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _current.Dispose();
        _current = new CancellationTokenSource();
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        FeedNumber = await feed.LastNumberAsync(_asked.StoreId, cancellationToken);
        Rows.Load(await queries.PageAsync(_asked.StoreId, _asked.Filter, _asked.Cursor, PageSize, cancellationToken), _asked.Cursor.IsNewest);
        IsLoaded = true;
    }

    private async Task FollowAsync(Func<Task> changed, CancellationToken cancellationToken)
    {
        await foreach (var change in live.FollowAsync(_asked.StoreId, _asked.Filter, FeedNumber, cancellationToken))
        {
            await TakeInAsync(change, cancellationToken);
            await changed();
        }
    }

    private async Task TakeInAsync(OrderChange change, CancellationToken cancellationToken)
    {
        Totals = change.Totals;
        if (change.After > FeedNumber)
        {
            // Something was missed between the page and this.
            await ReloadAsync(cancellationToken);
        }
        else if (change.Rows.Count > 0)
        {
            Rows.Apply(change.Rows, change.Matching, IsAtTop);
        }

        FeedNumber = Math.Max(FeedNumber, change.Number);
    }
}
