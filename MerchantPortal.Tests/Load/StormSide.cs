using System.Diagnostics;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>One side of the storm: where its notifications go, and how many have gone there. All are signed before the clock starts.</summary>
internal sealed class StormSide(HttpClient client, Uri url, Func<int, IReadOnlyList<SignedNotification>> sign)
{
    public int Sent { get; private set; }

    /// <summary>Milliseconds, over all rounds at a fixed rate.</summary>
    public double Longest { get; private set; }

    /// <returns>A second, with so many in flight until all are answered.</returns>
    public async Task<double> ThroughputAsync(int count, int inFlight)
    {
        var result = await ClosedLoop.RunAsync(client, Next(count), inFlight);
        Assert.Equal(0, result.Failed);
        return result.PerSecond;
    }

    /// <returns>Milliseconds that 99 of 100 took, counted from when each was due: a stall is not hidden.</returns>
    public async Task<double> LatencyAsync(int count, double perSecond)
    {
        var requests = Next(count);
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(requests.Select(async (request, i) =>
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            var early = due - Stopwatch.GetElapsedTime(started);
            await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero);
            using var message = request();
            using var answer = await client.SendAsync(message);
            Assert.True(answer.IsSuccessStatusCode, $"{url}: {answer.StatusCode}");
            return (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
        }));
        Longest = Math.Max(Longest, latencies.Max());
        return Statistics.Percentile(latencies, 0.99);
    }

    /// <returns>The next requests, signed.</returns>
    public IReadOnlyList<Func<HttpRequestMessage>> Next(int count)
    {
        var signed = sign(count);
        Assert.Equal(count, signed.Count);
        Sent += count;
        return [.. signed.Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(url)))];
    }
}
