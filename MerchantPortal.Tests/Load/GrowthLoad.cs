using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Export;
using MerchantPortal.Overview;
using MerchantPortal.Shell;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R19, and how the cost of each operation grows with the history: cost = c·n^k, k at most 0.15 for what touches one thing and
/// 1.05 for what reads everything. Sizes 10 k to 100 k; <c>LOAD_FULL=1</c> goes to 1 M.
/// </summary>
[Trait("Category", "Load")]
public sealed class GrowthLoad
{
    private const int Notifications = 600;

    private readonly LoadReport _report = new();
    private readonly Dictionary<string, List<(double Size, double Cost)>> _curves = [];
    private readonly HashSet<string> _whole = ["check every invariant", "export everything"];

    [Fact]
    public async Task Growth()
    {
        _report.Line($"growth on {SeededShop.Provider}");
        var sizes = LoadSize.Steps.ToList();
        foreach (var size in sizes)
        {
            await MeasureAsync(size);
        }

        _report.Line($"{"",-24}{string.Join("", sizes.Select(size => size.ToString("#,0", CultureInfo.InvariantCulture).PadLeft(12)))}       k");
        foreach (var (name, points) in _curves)
        {
            _report.Line($"{name,-24}{string.Join("", points.Select(point => point.Cost.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(12)))}  {Statistics.Exponent(points),6:0.00}");
        }

        Judge();
        await _report.SaveAsync();
    }

    private void Judge()
    {
        foreach (var (name, points) in _curves.Where(curve => curve.Key is not ("notifications/s" or "bytes on disk")))
        {
            _report.Figure($"k: {name}", Statistics.Exponent(points), isAtLeast: false, _whole.Contains(name) ? 1.05 : 0.15);
        }

        var disk = _curves["bytes on disk"];
        _report.Line($"disk: {disk[^1].Cost / disk[^1].Size:0} bytes per order, seeded (no captures); R² of a line {Statistics.RSquared(disk):0.0000}");
        _report.Figure("R19-linear", Statistics.RSquared(disk), isAtLeast: true, 0.99);
    }

    private async Task MeasureAsync(int size)
    {
        await using var shop = await SeededShop.OpenAsync(size);
        Add("bytes on disk", size, await shop.BytesAsync());
        await ReadsAsync(shop);
        await WritesAsync(shop);
        await PaidBytesAsync(shop);
        await TimeAsync("start to ready (ms)", shop, 3, _ => shop.RestartAsync());
        Add("check every invariant", size, await SeededShop.MedianAsync(1, async _ => await shop.Portal.AssertInvariantsAsync()));
    }

    private async Task ReadsAsync(SeededShop shop)
    {
        var queries = shop.Portal.Get<OrderQueries>();
        var (deep, sample) = (await shop.IdAtAsync(0.9), await shop.SampleAsync(80));
        await TimeAsync("list, first page", shop, 30, _ => shop.PageAsync(new OrderFilter()));
        await TimeAsync("list, deep page", shop, 30, _ => shop.PageAsync(new OrderFilter(), deep));
        await TimeAsync("filter by status", shop, 30, _ => shop.PageAsync(new OrderFilter([OrderStatus.PartiallyRefunded, OrderStatus.Refunded])));
        await TimeAsync("totals of everything", shop, 30, _ => queries.TotalsAsync(shop.StoreId, new OrderFilter(), CancellationToken.None));
        await TimeAsync("search", shop, 40, i => shop.PageAsync(new OrderFilter(Search: sample[i % sample.Count].TransactionId)));
        await TimeAsync("order open", shop, 40, i => shop.Portal.Get<OrderDetailQueries>().FindAsync(shop.StoreId, sample[i % sample.Count].Number, CancellationToken.None));
        await TimeAsync("the day at a glance", shop, 9, _ => shop.Portal.Get<OverviewQueries>().GetAsync(shop.StoreId, StoreTime.Of("Asia/Shanghai", 0), CancellationToken.None));
        await TimeAsync("export everything", shop, 1, _ => ReadAllAsync(shop));
    }

    private static async Task ReadAllAsync(SeededShop shop)
    {
        await foreach (var _ in shop.Portal.Get<OrderExportQueries>().AllAsync(shop.StoreId, new OrderFilter(), CancellationToken.None))
        {
        }
    }

    private async Task WritesAsync(SeededShop shop)
    {
        var actor = Actor.System(shop.StoreId);
        await TimeAsync("place an order", shop, 60, _ => shop.Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], 1_800, "龙井"), actor, CancellationToken.None));
        using var platform = new WeChatPlatform();
        using var client = LoadClient.Create();
        var storm = await StormShop.CreateAsync(shop.Portal, platform, Notifications * 3);
        var perSecond = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            var signed = await storm.SignNextAsync(Notifications);
            var result = await ClosedLoop.RunAsync(client, [.. signed.Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(storm.NotifyUrl)))], 64);
            Assert.Equal(0, result.Failed);
            perSecond.Add(result.PerSecond);
        }

        Add("notifications/s", shop.Size, Statistics.Median(perSecond));
    }

    /// <summary>A paid order with everything that its notification leaves behind, captures too.</summary>
    private async Task PaidBytesAsync(SeededShop shop)
    {
        const int Paid = 3_000;
        using var platform = new WeChatPlatform();
        using var client = LoadClient.Create();
        var before = await shop.BytesAsync();
        var storm = await StormShop.CreateAsync(shop.Portal, platform, Paid);
        var signed = await storm.SignNextAsync(Paid);
        Assert.Equal(0, (await ClosedLoop.RunAsync(client, [.. signed.Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(storm.NotifyUrl)))], 64)).Failed);
        var perOrder = (await shop.BytesAsync() - before) / (double)Paid;
        _report.Line($"{shop.Size,9} orders: {perOrder:0} bytes on disk per order placed, paid and notified");
        _report.Ratio($"R19@{shop.Size}", perOrder, 6_144, isAtLeast: false, 1);
    }

    private async Task TimeAsync(string name, SeededShop shop, int times, Func<int, Task> call)
    {
        if (times > 1)
        {
            await call(0);
        }

        Add(name, shop.Size, await SeededShop.MedianAsync(times, call));
    }

    private void Add(string name, double size, double cost)
    {
        if (!_curves.TryGetValue(name, out var points))
        {
            _curves[name] = points = [];
        }

        points.Add((size, cost));
    }
}
