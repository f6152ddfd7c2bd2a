using System.Diagnostics;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>One side of the storm: where its notifications go, and how many have gone there. All are signed before the clock starts.</summary>
internal sealed class StormSide(HttpClient client, Func<int, Task<IReadOnlyList<Func<HttpRequestMessage>>>> sign)
{
    /// <summary>Says how many a round has room for.</summary>
    private const int Sample = 200;

    private double? _perSecond;

    public int Sent { get; private set; }

    /// <summary>Milliseconds, over all rounds at a fixed rate.</summary>
    public double Longest { get; private set; }

    /// <summary>A side that minds nothing: it is sent the same ones again and again.</summary>
    public static StormSide Repeating(HttpClient client, Uri url, IReadOnlyList<SignedNotification> signed) =>
        To(client, url, count => Task.FromResult<IReadOnlyList<SignedNotification>>([.. Enumerable.Range(0, count).Select(i => signed[i % signed.Count])]));

    /// <summary>A side that sends all of them to one address.</summary>
    public static StormSide To(HttpClient client, Uri url, Func<int, Task<IReadOnlyList<SignedNotification>>> sign) =>
        new(client, async count => [.. (await sign(count)).Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(url)))]);

    /// <returns>A second, over one round with so many in flight.</returns>
    public async Task<double> ThroughputAsync(int inFlight)
    {
        var expected = _perSecond ?? await ThroughputAsync(Sample, inFlight);
        _perSecond = await ThroughputAsync((int)Math.Ceiling(expected * Rounds.Seconds), inFlight);
        return _perSecond.Value;
    }

    /// <returns>A second, with so many in flight until all are answered.</returns>
    public async Task<double> ThroughputAsync(int count, int inFlight)
    {
        var result = await ClosedLoop.RunAsync(client, await NextAsync(count), inFlight);
        Assert.Equal(0, result.Failed);
        return result.PerSecond;
    }

    /// <returns>Milliseconds that 99 of 100 took in one round, counted from when each was due: a stall is not hidden.</returns>
    public async Task<double> LatencyAsync(double perSecond)
    {
        var requests = await NextAsync((int)Math.Ceiling(perSecond * Rounds.Seconds));
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(requests.Select(async (request, i) =>
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            var early = due - Stopwatch.GetElapsedTime(started);
            await Task.Delay(early > TimeSpan.Zero ? early : TimeSpan.Zero);
            using var message = request();
            using var answer = await client.SendAsync(message);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage?.RequestUri}: {answer.StatusCode}");
            return (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
        }));
        Longest = Math.Max(Longest, latencies.Max());
        return Statistics.Percentile(latencies, 0.99);
    }

    /// <returns>The next requests, signed.</returns>
    public async Task<IReadOnlyList<Func<HttpRequestMessage>>> NextAsync(int count)
    {
        var signed = await sign(count);
        Assert.Equal(count, signed.Count);
        Sent += count;
        return signed;
    }
}
