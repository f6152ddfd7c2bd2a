namespace MerchantPortal.Orders;

/// <summary>Reads one store's feed for all that follow it here, from the first follower until the last has left.</summary>
internal sealed partial class StoreFeedReader : IDisposable
{
    /// <summary>A signal that got lost on its way from another instance costs this much at most.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly OrderFeed _feed;
    private readonly FeedSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<FeedSubscription> _subscriptions = [];
    private readonly CancellationToken _stopping;

    public StoreFeedReader(Guid storeId, OrderFeed feed, FeedSignal signal, TimeProvider time, ILogger logger)
    {
        (StoreId, _feed, _signal, _time, _logger) = (storeId, feed, signal, time, logger);
        _stopping = _stop.Token;
        Completion = Task.Run(RunAsync, CancellationToken.None);
    }

    public Guid StoreId { get; }

    /// <summary>Ends, never faulted, some time after the last follower has left.</summary>
    public Task Completion { get; }

    public FeedSubscription Add(Action<StoreFeedReader, FeedSubscription> leave)
    {
        var subscription = new FeedSubscription(_ready.Task, self => leave(this, self));
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <returns>True when that was the last one. Leaving twice is not.</returns>
    public bool Remove(FeedSubscription subscription)
    {
        lock (_lock)
        {
            return _subscriptions.Remove(subscription) && _subscriptions.Count == 0;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        long? last = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                last ??= await StartAsync();
                last = await StepAsync(last.Value);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.ReadingFailed(_logger, StoreId, exception);
                await Task.Delay(AfterFailure, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<long> StartAsync()
    {
        var last = await _feed.LastNumberAsync(StoreId, _stopping);
        _ready.TrySetResult();
        return last;
    }

    private async Task<long> StepAsync(long last)
    {
        var next = _signal.NextAsync(StoreId);
        var batch = await _feed.ReadAfterAsync(StoreId, last, OrderFeed.MaxBatch, _stopping);
        if (batch.Count > 0)
        {
            Push(batch);
        }

        // Whatever was committed after this reading has raised the signal that was asked for before it.
        if (batch.Count < OrderFeed.MaxBatch)
        {
            await next.WaitAsync(LookAnyway, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return batch is [.., { } newest] ? newest.Number : last;
    }

    private void Push(IReadOnlyList<FeedEntry> batch)
    {
        lock (_lock)
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Push(batch);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "The feed of store {StoreId} cannot be read now; trying again.")]
        public static partial void ReadingFailed(ILogger logger, Guid storeId, Exception exception);
    }
}
