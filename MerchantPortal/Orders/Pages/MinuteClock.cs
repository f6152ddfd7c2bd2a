namespace MerchantPortal.Orders.Pages;

/// <summary>Ticks once a minute for all open lists together. A list whose circuit is never ended does not outlive the portal by it.</summary>
public sealed class MinuteClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Action? _ticks;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <param name="tick">Called on the timer's thread; must not throw.</param>
    /// <returns>Ends the calls.</returns>
    public IDisposable Follow(Action tick)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _timer ??= time.CreateTimer(_ => _ticks?.Invoke(), null, Minute, Minute);
                _ticks += tick;
            }
        }

        return new Following(this, tick);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _ticks = null;
        }
    }

    private void Leave(Action tick)
    {
        lock (_lock)
        {
            _ticks -= tick;
        }
    }

    private sealed class Following(MinuteClock clock, Action tick) : IDisposable
    {
        public void Dispose() => clock.Leave(tick);
    }
}
