namespace MerchantPortal.Orders.Pages;

/// <summary>Collects what has changed until somebody has time for it. Any number of hints is one wake-up.</summary>
internal sealed class ChangeHints : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _raised = new(0, 1);
    private HashSet<Guid> _ids = [];
    private ITimer? _timer;

    public void Add(IEnumerable<Guid> ids)
    {
        lock (_lock)
        {
            _ids.UnionWith(ids);
        }

        Raise();
    }

    public void Raise()
    {
        lock (_lock)
        {
            if (_raised.CurrentCount == 0)
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

    public IReadOnlyCollection<Guid> Take()
    {
        lock (_lock)
        {
            var taken = _ids;
            _ids = [];
            return taken;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _raised.Dispose();
    }
}
