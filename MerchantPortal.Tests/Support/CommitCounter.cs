using System.Diagnostics.Metrics;
using MerchantPortal.Data;

namespace MerchantPortal.Tests.Support;

/// <summary>Counts the commits of one portal while it lives.</summary>
internal sealed class CommitCounter : IDisposable
{
    private readonly MeterListener _listener;
    private long _count;

    public CommitCounter(PortalFactory portal)
    {
        var meters = portal.Get<IMeterFactory>();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == PortalMetrics.CommitsName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
