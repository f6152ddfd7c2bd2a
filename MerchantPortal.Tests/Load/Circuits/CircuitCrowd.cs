using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>Many circuits of one page, and when each first showed an order's number.</summary>
internal sealed class CircuitCrowd : IAsyncDisposable
{
    private const int NumberLength = 17;
    private const int AtOnce = 8;

    private readonly ConcurrentBag<(BlazorCircuit Circuit, ConcurrentDictionary<string, long> Seen)> _circuits = [];

    public int Count => _circuits.Count;

    public IEnumerable<BlazorCircuit> Circuits => _circuits.Select(one => one.Circuit);

    public long Bytes => Circuits.Sum(circuit => circuit.Bytes);

    public long Batches => Circuits.Sum(circuit => circuit.Batches);

    public static async Task<CircuitCrowd> OpenAsync(int count, HttpClient http, CookieContainer cookies, Uri page)
    {
        var crowd = new CircuitCrowd();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = patience.Token }, async (_, ct) =>
        {
            var seen = new ConcurrentDictionary<string, long>();
            var circuit = await BlazorCircuit.OpenAsync(http, cookies, page, ct);
            circuit.OnBatch = batch => Note(batch, seen);
            crowd._circuits.Add((circuit, seen));
        });
        return crowd;
    }

    /// <summary>Milliseconds from the commit until the circuit had the batch that shows the order; one per circuit and order.</summary>
    /// <param name="committed">Order number and when its commit was done, in stopwatch ticks.</param>
    /// <param name="missing">How many were never shown.</param>
    public List<double> Latencies(IReadOnlyList<(string Number, long At)> committed, out int missing)
    {
        var latencies = new List<double>();
        missing = 0;
        foreach (var (_, seen) in _circuits)
        {
            foreach (var (number, at) in committed)
            {
                if (seen.TryGetValue(number, out var shown))
                {
                    latencies.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, shown).TotalMilliseconds));
                }
                else
                {
                    missing++;
                }
            }
        }

        return latencies;
    }

    public void AssertAllLive() => Assert.All(Circuits, circuit => Assert.False(circuit.Reading.IsCompleted, circuit.Reading.Exception?.ToString()));

    public async ValueTask DisposeAsync()
    {
        foreach (var circuit in Circuits)
        {
            await circuit.DisposeAsync();
        }
    }

    /// <summary>Numbers are <c>M</c>, six digits of a date, ten more characters.</summary>
    private static void Note(ReadOnlySpan<byte> batch, ConcurrentDictionary<string, long> seen)
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = batch.IndexOf((byte)'M'); i >= 0 && i + NumberLength <= batch.Length;)
        {
            var candidate = batch.Slice(i, NumberLength);
            if (candidate[1..7].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            {
                seen.TryAdd(Encoding.ASCII.GetString(candidate), now);
            }

            var next = batch[(i + 1)..].IndexOf((byte)'M');
            i = next < 0 ? -1 : i + 1 + next;
        }
    }
}
