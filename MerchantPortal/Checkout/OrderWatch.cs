using MerchantPortal.Orders;

namespace MerchantPortal.Checkout;

/// <summary>Waits for one order's rows in its store's feed.</summary>
internal sealed class OrderWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<IReadOnlyList<FeedEntry>> _batches;
    private readonly Guid _orderId;
    private Task<bool>? _next;

    public OrderWatch(OrderFeed feed, Guid storeId, Guid orderId, long afterNumber, CancellationToken cancellationToken)
    {
        _orderId = orderId;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _batches = feed.FollowAsync(storeId, afterNumber, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Completes when the order has changed, when the time is up, or when the watch is stopped.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time)
    {
        using var changed = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var pause = Task.Delay(atMost, time, changed.Token);
        do
        {
            _next ??= _batches.MoveNextAsync().AsTask();
            await Task.WhenAny(_next, pause);
        }
        while (!pause.IsCompleted && !TakeOwn());
        await changed.CancelAsync();
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_next is not null)
        {
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _batches.DisposeAsync();
        _stop.Dispose();
    }

    /// <returns>True when the batch that has arrived tells of the order, or none will arrive any more.</returns>
    private bool TakeOwn()
    {
        if (_stop.IsCancellationRequested)
        {
            return true;
        }

        var own = _next is { IsCompleted: true } arrived && arrived.GetAwaiter().GetResult() && _batches.Current.Any(entry => entry.OrderId == _orderId);
        _next = null;
        return own;
    }
}
