using System.Diagnostics;

namespace MerchantPortal.Tests.Support;

/// <summary>Counts what a source of activities begins on the caller's path while it lives; what others do at the same time does not count.</summary>
internal sealed class ActivityCounter : IDisposable
{
    private readonly Activity _path = new Activity("counted").Start();
    private readonly ActivityListener _listener;
    private int _count;

    public ActivityCounter(string source)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = activity =>
            {
                if (activity.TraceId == _path.TraceId)
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose()
    {
        _listener.Dispose();
        _path.Dispose();
    }
}
