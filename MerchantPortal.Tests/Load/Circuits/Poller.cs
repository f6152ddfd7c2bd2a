using System.Collections.Concurrent;
using System.Diagnostics;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>What a page without a circuit would do: ask for the list every two seconds and see what is new.</summary>
internal sealed class Poller(PortalClient client)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<int, List<(long At, string Html)>> _pollers = new();

    public async Task RunAsync(TimeSpan phase, CancellationToken cancellationToken)
    {
        var mine = _pollers.GetOrAdd(phase.GetHashCode(), _ => []);
        await Task.Delay(phase, CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            var html = await client.ReadAsync("/orders");
            mine.Add((Stopwatch.GetTimestamp(), html));
            await Task.Delay(Every, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Milliseconds from the commit until a poller first had a page with the order.</summary>
    public List<double> Latencies(IReadOnlyList<(string Number, long At)> committed) =>
    [
        .. from poller in _pollers.Values
           from order in committed
           let first = poller.Where(page => page.At >= order.At && page.Html.Contains(order.Number, StringComparison.Ordinal)).Select(page => (long?)page.At).Min()
           where first is not null
           select Stopwatch.GetElapsedTime(order.At, first.Value).TotalMilliseconds,
    ];
}
