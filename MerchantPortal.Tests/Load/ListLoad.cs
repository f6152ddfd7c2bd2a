using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Export;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R12–R14, R16, R20 and what a page of the list costs on a large history beside a small one. Both portals run in this process; every figure is
/// taken in alternating rounds. <c>LOAD_ORDERS</c> sets the large size (default 100000, <c>LOAD_FULL=1</c>: 1000000).
/// </summary>
[Trait("Category", "Load")]
public sealed class ListLoad
{
    private const int SmallSize = 10_000;
    private const int RoundCount = 7;
    private const int Samples = 300;

    private static readonly byte[] Page = new byte[1_048_576];

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Lists()
    {
        await using var small = await SeededShop.OpenAsync(SmallSize);
        await using var large = await SeededShop.OpenAsync(LoadSize.Largest);
        using var smallClient = await small.SignInAsync();
        using var largeClient = await large.SignInAsync();
        var rounds = new Rounds(RoundCount, Quiet);
        _report.Line($"lists on {SeededShop.Provider}: {large.Size} orders beside {small.Size}");

        foreach (var depth in (double[])[0, 0.5, 0.99])
        {
            await PagesAsync(rounds, (small, smallClient), (large, largeClient), depth);
        }

        await OffsetAsync(rounds, large);
        await SearchAsync(rounds, large);
        await FiltersAsync(large);
        await ExportAsync(large, largeClient);
        var sizes = new LargeBesideSmall(_report, large, small);
        await sizes.NotificationsAsync(Quiet);
        await sizes.StartsAsync(Processor);
        await small.Portal.AssertInvariantsAsync();
        await large.Portal.AssertInvariantsAsync();
        await _report.SaveAsync();

        Task<double> Quiet() => Rounds.MedianAsync(() => SeededShop.GetAsync(largeClient, "/health/live"));
    }

    /// <summary>Milliseconds of plain work: a control that asks no portal.</summary>
    private static Task<double> Processor() => Rounds.MedianAsync(() =>
    {
        SHA256.HashData(Page);
        return Task.CompletedTask;
    });

    private async Task PagesAsync(Rounds rounds, (SeededShop Shop, PortalClient Client) small, (SeededShop Shop, PortalClient Client) large, double depth)
    {
        var (smallPath, largePath) = (await PathAsync(small.Shop), await PathAsync(large.Shop));
        var table = await rounds.RunAsync(
            ("large", () => Rounds.MedianAsync(() => SeededShop.GetAsync(large.Client, largePath))),
            ("small", () => Rounds.MedianAsync(() => SeededShop.GetAsync(small.Client, smallPath))));
        _report.Line($"page at depth {depth,4:0%}: {table.Median("large"),7:0.0} ms, small {table.Median("small"),7:0.0} ms");
        _report.Ratio($"R12@{depth.ToString("0%", CultureInfo.InvariantCulture)}", table, "large", "small", isAtLeast: false, 1.5);

        async Task<string> PathAsync(SeededShop shop) => depth == 0 ? "/orders" : $"/orders?older={await shop.IdAtAsync(depth):N}";
    }

    /// <summary>What a list that counts rows would do for the same page.</summary>
    private async Task OffsetAsync(Rounds rounds, SeededShop shop)
    {
        var deep = (int)(shop.Size * 0.9);
        var older = await shop.IdAtAsync(0.9);
        var table = await rounds.RunAsync(
            ("ours", () => Rounds.MedianAsync(() => shop.PageAsync(new OrderFilter(), older))),
            ("offset", () => Rounds.MedianAsync(() => shop.Portal.ReadAsync(db => db.Orders.AsNoTracking()
                .Where(order => order.StoreId == shop.StoreId).OrderByDescending(order => order.CreatedAt).Skip(deep).Take(51).ToListAsync()))));
        _report.Line($"row {deep}: ours {table.Median("ours"):0.00} ms, OFFSET {table.Median("offset"):0.00} ms");
        _report.Inverse("R13", table, "ours", "offset", 10);
    }

    private async Task SearchAsync(Rounds rounds, SeededShop shop)
    {
        var sample = await shop.SampleAsync(Samples);
        var at = 0;
        string Next() => sample[at = (at + 1) % sample.Count] is var (number, transaction) && at % 2 == 0 ? number : transaction;
        var table = await rounds.RunAsync(
            ("ours", () => Rounds.MedianAsync(async () => Assert.Single((await shop.PageAsync(new OrderFilter(Search: Next()))).Rows))),
            ("like", () => Rounds.MedianAsync(async () => Assert.Single(await LikeAsync(shop, Next())))));
        _report.Line($"search: ours {table.Median("ours"):0.00} ms, LIKE '%…%' {table.Median("like"):0.00} ms");
        _report.Inverse("R14", table, "ours", "like", 20);
    }

    private static Task<List<Guid>> LikeAsync(SeededShop shop, string text) => shop.Portal.ReadAsync(db => db.Orders.AsNoTracking()
        .Where(order => order.StoreId == shop.StoreId && (order.Number.Contains(text) || (order.MerchantOrderNo != null && order.MerchantOrderNo.Contains(text))
            || db.Payments.Any(payment => payment.OrderId == order.Id && payment.ChannelTransactionId.Contains(text))))
        .OrderByDescending(order => order.Id).Take(51).Select(order => order.Id).ToListAsync());

    private async Task FiltersAsync(SeededShop shop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sample = await shop.SampleAsync(60);
        (string Name, OrderFilter Filter)[] filters =
        [
            ("all", new()),
            ("waiting", new([OrderStatus.Pending])),
            ("paid", new([OrderStatus.Paid])),
            ("refunded", new([OrderStatus.PartiallyRefunded, OrderStatus.Refunded])),
            ("needs action", new(AnyFlag: OrderFilter.EveryFlag)),
            ("channel", new(Channel: "alipay")),
            ("channel, refunded", new([OrderStatus.PartiallyRefunded, OrderStatus.Refunded], Channel: "alipay")),
            ("a week in the middle", new(From: now.AddDays(-50), Until: now.AddDays(-43))),
            ("an amount", new(Search: "18.00")),
            ("a number", new(Search: sample[0].Number)),
        ];
        foreach (var (name, filter) in filters)
        {
            var page = await PercentilesAsync(40, _ => shop.PageAsync(filter));
            var totals = await PercentilesAsync(7, _ => shop.Portal.Get<OrderQueries>().TotalsAsync(shop.StoreId, filter, CancellationToken.None));
            _report.Line($"{name,-22} page p50 {page.P50,7:0.00} p99 {page.P99,7:0.00} ms | totals p50 {totals.P50,8:0.00} ms");
        }

        var open = await PercentilesAsync(60, i => shop.Portal.Get<OrderDetailQueries>().FindAsync(shop.StoreId, sample[i % sample.Count].Number, CancellationToken.None));
        _report.Line($"{"order open",-22} p50 {open.P50,7:0.00} p99 {open.P99,7:0.00} ms");
        _report.Figure("L10-open-p99-ms", open.P99, isAtLeast: false, 50);
    }

    private static async Task<(double P50, double P99)> PercentilesAsync(int times, Func<int, Task> call)
    {
        await call(0);
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            taken.Add(await SeededShop.MedianAsync(1, _ => call(i)));
        }

        return (Statistics.Median(taken), Statistics.Percentile(taken, 0.99));
    }

    /// <summary>Read as it comes; what is alive in this process is looked at on the way.</summary>
    private async Task ExportAsync(SeededShop shop, PortalClient client)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var (bytes, lines, peak) = (0L, 0L, 0L);
        using var response = await client.GetStreamingAsync(OrderExportEndpoint.Path);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[65_536];
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            if (bytes / 2_000_000 != (bytes - read) / 2_000_000)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.Equal(shop.Size + 1, lines);
        _report.Line($"export: {lines - 1} rows, {bytes / 1_048_576.0:0.0} MB in {seconds:0.0} s, {seconds * 10_000 / lines:0.00} s per 10 k rows, live memory +{peak / 1_048_576.0:0.0} MB");
        _report.Figure("L10-export-MB", peak / 1_048_576.0, isAtLeast: false, 50);
    }
}

internal static class LoadSize
{
    public static bool IsFull => Environment.GetEnvironmentVariable("LOAD_FULL") == "1";

    public static int Largest => int.Parse(Environment.GetEnvironmentVariable("LOAD_ORDERS") ?? (IsFull ? "1000000" : "100000"), CultureInfo.InvariantCulture);

    /// <summary>10 k, 30 k, 100 k … up to the largest.</summary>
    public static IEnumerable<int> Steps => ((int[])[10_000, 30_000, 100_000, 300_000, 1_000_000]).Where(size => size <= Largest);
}
