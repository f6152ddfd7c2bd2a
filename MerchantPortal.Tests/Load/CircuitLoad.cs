using System.Diagnostics;
using System.Globalization;
using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Load.Circuits;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R8–R11 and L5, L6: live order lists held by a client that speaks Blazor's protocol, beside the same list as one plain component.
/// Clients and servers share this process, so memory per circuit counts both ends. <c>LOAD_CIRCUITS</c> sets how many (default 200,
/// <c>LOAD_FULL=1</c>: 1000).
/// </summary>
[Trait("Category", "Load")]
public sealed class CircuitLoad
{
    private const int Orders = 2_000;
    private const int Single = 12;
    private const int LeakRounds = 10;
    private const int LeakCircuits = 300;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly LoadReport _report = new();
    private readonly CircuitCount _circuits = new();
    private SeededShop _shop = null!;

    [Fact]
    public async Task Circuits()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("LOAD_CIRCUITS") ?? (LoadSize.IsFull ? "1000" : "200"), CultureInfo.InvariantCulture);
        _shop = await SeededShop.OpenAsync(Orders, portal => portal.ConfigureServices(_circuits.Register));
        await using var shop = _shop;
        await using var inline = await InlineBoardHost.StartAsync(shop.Portal, shop.StoreId, _circuits);
        using var client = await shop.SignInAsync();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = client.Cookies, MaxConnectionsPerServer = 64 });
        _report.Line($"circuits: {count} of /orders, {Orders} orders, in one process with their clients");

        var page = new Uri(shop.Portal.Address, "orders");
        await UpdatesAsync(http, client.Cookies, page, inline.Board);
        await RendersAsync(http, client.Cookies, page);
        await VisibleAsync(http, client.Cookies, page, client);
        await MemoryAsync(http, client.Cookies, page, inline.Board, count);
        await LeakAsync(http, client.Cookies, page);
        await shop.Portal.AssertInvariantsAsync();
        await _report.SaveAsync();
    }

    /// <summary>R8: one change at a time, each with time to be drawn.</summary>
    private async Task UpdatesAsync(HttpClient http, CookieContainer cookies, Uri ours, Uri inline)
    {
        var bytes = new List<double>();
        foreach (var page in (Uri[])[ours, inline])
        {
            await using var crowd = await CircuitCrowd.OpenAsync(4, http, cookies, page);
            await Task.Delay(Settle);
            var before = crowd.Bytes;
            await PlaceAsync(Single, perSecond: 2);
            await Task.Delay(Settle);
            crowd.AssertAllLive();
            bytes.Add((crowd.Bytes - before) / (double)(Single * crowd.Count));
        }

        _report.Line($"one new order: {bytes[0]:0} bytes a circuit, inline table {bytes[1]:0}");
        _report.Ratio("R8", bytes[0], bytes[1], isAtLeast: false, 0.2);
    }

    /// <summary>R10: a flood of changes does not become a flood of renders.</summary>
    private async Task RendersAsync(HttpClient http, CookieContainer cookies, Uri page)
    {
        var perSecond = new List<double>();
        foreach (var (changes, rate) in ((int, int)[])[(40, 5), (1_000, 200)])
        {
            await using var crowd = await CircuitCrowd.OpenAsync(4, http, cookies, page);
            await Task.Delay(Settle);
            var (before, started) = (crowd.Batches, Stopwatch.GetTimestamp());
            await PlaceAsync(changes, rate);
            perSecond.Add((crowd.Batches - before) / (double)crowd.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
            crowd.AssertAllLive();
        }

        _report.Line($"renders a second and circuit: {perSecond[0]:0.0} at 5 changes/s, {perSecond[1]:0.0} at 200 changes/s");
        _report.Ratio("R10", perSecond[1], perSecond[0], isAtLeast: false, 1.2);
    }

    /// <summary>R11, L5: from the commit until the batch is there, beside a page that asks every two seconds.</summary>
    private async Task VisibleAsync(HttpClient http, CookieContainer cookies, Uri page, PortalClient client)
    {
        await _circuits.NoneAsync();
        await using var crowd = await CircuitCrowd.OpenAsync(100, http, cookies, page);
        await Task.Delay(Settle);
        using var stop = new CancellationTokenSource();
        var polled = new Poller(client);
        var polling = Task.WhenAll(Enumerable.Range(0, 4).Select(phase => polled.RunAsync(TimeSpan.FromSeconds(0.5 * phase), stop.Token)));
        var committed = await PlaceAsync(60, perSecond: 5);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        await polling;
        var (ours, theirs) = (crowd.Latencies(committed, out var missing), polled.Latencies(committed));
        Assert.Equal(0, missing);
        var many = await PlaceAsync(100, perSecond: 20);
        await Task.Delay(Settle);
        var busy = crowd.Latencies(many, out _);
        crowd.AssertAllLive();
        _report.Line($"commit → batch: 100 circuits, 5 changes/s p50 {Statistics.Median(ours):0} p99 {Statistics.Percentile(ours, 0.99):0} ms; polling every 2 s p50 {Statistics.Median(theirs):0} p99 {Statistics.Percentile(theirs, 0.99):0} ms");
        _report.Ratio("R11", Statistics.Percentile(ours, 0.99), Statistics.Percentile(theirs, 0.99), isAtLeast: false, 0.15);
        _report.Line($"L5: 20 changes/s p50 {Statistics.Median(busy):0} p99 {Statistics.Percentile(busy, 0.99):0} ms");
        _report.Figure("L5-p99-ms", Statistics.Percentile(busy, 0.99), isAtLeast: false, 250);
    }

    /// <summary>R9, L6.</summary>
    private async Task MemoryAsync(HttpClient http, CookieContainer cookies, Uri ours, Uri inline, int count)
    {
        var inlineKiB = await PerCircuitAsync(Math.Min(count, 200), http, cookies, inline, _ => Task.CompletedTask);
        var oursKiB = await PerCircuitAsync(count, http, cookies, ours, async crowd =>
        {
            var committed = await PlaceAsync(25, perSecond: 5);
            await Task.Delay(TimeSpan.FromSeconds(3));
            var latencies = crowd.Latencies(committed, out var missing);
            crowd.AssertAllLive();
            Assert.Equal(0, missing);
            _report.Line($"L6: {crowd.Count} circuits, 5 changes/s: p50 {Statistics.Median(latencies):0} p99 {Statistics.Percentile(latencies, 0.99):0} ms, process {Environment.WorkingSet / 1_048_576.0:0} MiB");
            _report.Figure("L6-p99-ms", Statistics.Percentile(latencies, 0.99), isAtLeast: false, 500);
        });
        _report.Line($"memory per circuit, both ends: {oursKiB:0} KiB, plain 50-row page {inlineKiB:0} KiB");
        _report.Ratio("R9", oursKiB, inlineKiB, isAtLeast: false, 3);
        _report.Figure("R9-KiB", oursKiB, isAtLeast: false, 800);
    }

    /// <summary>What circuits that came and went leave behind.</summary>
    private async Task LeakAsync(HttpClient http, CookieContainer cookies, Uri page)
    {
        var left = new List<(double Circuits, double Bytes)>();
        for (var round = 1; round <= LeakRounds; round++)
        {
            await using (await CircuitCrowd.OpenAsync(LeakCircuits, http, cookies, page))
            {
                await Task.Delay(Settle);
            }

            await _circuits.NoneAsync();
            left.Add((round * LeakCircuits, Collected()));
        }

        // The first rounds fill pools, which are kept but do not grow.
        var slope = Statistics.Slope(left[(LeakRounds / 3)..]);
        _report.Line($"leak: {LeakRounds} times {LeakCircuits} circuits, heap {left[0].Bytes / 1_048_576:0.0} MiB after the first, {left[^1].Bytes / 1_048_576:0.0} after the last");
        _report.Figure("leak-bytes-per-circuit", slope, isAtLeast: false, 2_048);
    }

    private static long Collected()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task<double> PerCircuitAsync(int count, HttpClient http, CookieContainer cookies, Uri page, Func<CircuitCrowd, Task> use)
    {
        // What the first circuit of a kind brings is not each one's.
        await using (await CircuitCrowd.OpenAsync(2, http, cookies, page))
        {
            await Task.Delay(Settle);
        }

        await _circuits.NoneAsync();
        var before = Collected();
        await using var crowd = await CircuitCrowd.OpenAsync(count, http, cookies, page);
        await Task.Delay(Settle);
        var each = (Collected() - before) / 1_024.0 / count;
        await use(crowd);
        return each;
    }

    /// <summary>Places orders at a fixed rate, whatever becomes of the earlier ones.</summary>
    private async Task<IReadOnlyList<(string Number, long At)>> PlaceAsync(int count, int perSecond)
    {
        var place = _shop.Portal.Get<PlaceOrder>();
        var actor = Actor.System(_shop.StoreId);
        var started = Stopwatch.GetTimestamp();
        return await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(started);
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            var result = await place.ExecuteAsync(new NewOrder(PaymentMode.Test, [], 100 + i, "西湖龙井"), actor, CancellationToken.None);
            return (Assert.IsType<PlaceOrderResult.Placed>(result).Order.Number, Stopwatch.GetTimestamp());
        }));
    }
}
