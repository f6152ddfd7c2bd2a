using System.Diagnostics;

namespace MerchantPortal.Tests.Load;

/// <summary>Keeps a number of requests in flight until all are answered.</summary>
internal static class ClosedLoop
{
    public static async Task<LoopResult> RunAsync(HttpClient client, IReadOnlyList<Func<HttpRequestMessage>> requests, int inFlight)
    {
        var next = -1;
        var failed = 0;
        var latencies = new long[requests.Count];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) < requests.Count)
            {
                var sent = Stopwatch.GetTimestamp();
                using var request = requests[index]();
                using var response = await client.SendAsync(request);
                latencies[index] = Stopwatch.GetTimestamp() - sent;
                if (!response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        }));
        return new LoopResult(requests.Count, failed, Stopwatch.GetElapsedTime(started), latencies);
    }
}

/// <param name="Latencies">Stopwatch ticks, one per request.</param>
internal sealed record LoopResult(int Count, int Failed, TimeSpan Elapsed, long[] Latencies)
{
    public double PerSecond => Count / Elapsed.TotalSeconds;

    /// <returns>Milliseconds.</returns>
    public double Percentile(double share)
    {
        var sorted = Latencies.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))] * 1000.0 / Stopwatch.Frequency;
    }
}
