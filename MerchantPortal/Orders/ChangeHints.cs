namespace MerchantPortal.Orders;

/// <summary>Collects what has changed until somebody has time for it. Any number of hints is one wake-up.</summary>
/// <param name="number">The feed's number before the first hint.</param>
internal sealed class ChangeHints(long number) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _raised = new(0, 1);
    private HashSet<Guid> _ids = [];
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>The last number whose order is among what was added.</summary>
    public long Number { get; private set; } = number;

    public void Add(IReadOnlyList<FeedEntry> batch)
    {
        lock (_lock)
        {
            _ids.UnionWith(batch.Select(entry => entry.OrderId));
            Number = batch[^1].Number;
        }

        Raise();
    }

    public void Raise()
    {
        lock (_lock)
        {
            if (!_isDisposed && _raised.CurrentCount == 0)
            {
                _raised.Release();
            }
        }
    }

    public void RaiseAfter(TimeSpan delay, TimeProvider time)
    {
        _timer?.Dispose();
        _timer = time.CreateTimer(_ => Raise(), null, delay, Timeout.InfiniteTimeSpan);
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _raised.WaitAsync(cancellationToken);

    public (long Number, IReadOnlyCollection<Guid> Ids) Take()
    {
        lock (_lock)
        {
            var taken = _ids;
            _ids = [];
            return (Number, taken);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // The timer may be about to raise.
            _isDisposed = true;
            _timer?.Dispose();
            _raised.Dispose();
        }
    }
}
