using System.Diagnostics;
using System.Globalization;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// What one durable notification costs: processor time of server and client together, beside the same client against an empty route and
/// against verification alone, and bytes written; for one store, and for fifty that are paid at once. Says on a busy machine what
/// throughput cannot. <c>LOAD_KEEP</c> names a file for the database.
/// </summary>
[Trait("Category", "Load")]
public sealed class NotificationCost
{
    private const int PerRound = 4_000;
    private const int RoundCount = 6;
    private const int WarmUps = 3;
    private const int Stores = 50;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Cost()
    {
        using var platform = new WeChatPlatform();
        await using var portal = await PortalFactory.StartAsync();
        using var commits = new CommitCounter(portal);
        var empty = await BytesAsync(portal);
        var shop = await StormShop.CreateAsync(portal, platform, PerRound * (RoundCount + WarmUps) * 2);
        var town = await StormTown.CreateAsync(portal, platform, Stores);
        await using var other = await NaiveShop.StartAsync(platform, shop.Orders.Take(1_000), NaiveKind.Plain);
        using var client = LoadClient.Create();
        (string Name, StormSide Side)[] sides =
        [
            ("nothing", other.Fixed(client, "control")), ("verify", other.Fixed(client, "verify")), ("ours", shop.Side(client)),
            ($"{Stores} stores", town.Side(client)),
        ];
        foreach (var inFlight in (int[])[16, 64])
        {
            foreach (var (name, side) in sides)
            {
                for (var round = 0; round < WarmUps; round++)
                {
                    await side.ThroughputAsync(PerRound, inFlight);
                }

                var before = commits.Count;
                var costs = new List<Spent>();
                for (var round = 0; round < RoundCount; round++)
                {
                    var requests = await side.NextAsync(PerRound);
                    costs.Add(await Spent.OnAsync(() => ClosedLoop.RunAsync(client, requests, inFlight)));
                }

                _report.Line($"{inFlight,3} in flight, {name,-9} {Median(costs, cost => cost.Processor):0} us of processor, {Median(costs, cost => cost.Written):0} bytes written, {Median(costs, cost => cost.PerSecond):0}/s, {(commits.Count - before) / (double)(RoundCount * PerRound):0.000} commits");
            }
        }

        await shop.AssertEveryNotifiedOrderIsPaidOnceAsync();
        foreach (var one in town.Shops)
        {
            await one.AssertEveryNotifiedOrderIsPaidOnceAsync();
        }

        await portal.AssertInvariantsAsync();
        _report.Line($"{(await BytesAsync(portal) - empty) / (double)(shop.Orders.Count + town.Shops.Sum(one => one.Orders.Count)):0} bytes on disk per order placed, paid and notified");
        Keep(portal);
        await _report.SaveAsync();
    }

    private static double Median(List<Spent> costs, Func<Spent, double> of) => Statistics.Median([.. costs.Select(of)]);

    private static Task<long> BytesAsync(PortalFactory portal) => portal.ReadAsync(db =>
        db.Database.SqlQueryRaw<long>("""SELECT page_count * page_size AS "Value" FROM pragma_page_count(), pragma_page_size()""").SingleAsync());

    private static void Keep(PortalFactory portal)
    {
        if (Environment.GetEnvironmentVariable("LOAD_KEEP") is { Length: > 0 } file)
        {
            // With its log, which says what the last commits wrote.
            var source = portal.Get<PortalContexts>().SqliteFile ?? "";
            File.Copy(source, file, overwrite: true);
            File.Copy(source + "-wal", file + "-wal", overwrite: true);
        }
    }

    /// <param name="Processor">Microseconds per notification, all threads of this process.</param>
    /// <param name="Written">Bytes per notification that went to the disk.</param>
    private sealed record Spent(double Processor, double Written, double PerSecond)
    {
        public static async Task<Spent> OnAsync(Func<Task<LoopResult>> round)
        {
            using var process = Process.GetCurrentProcess();
            GC.Collect();
            process.Refresh();
            var (processor, written) = (process.TotalProcessorTime, WrittenBytes());
            var result = await round();
            Assert.Equal(0, result.Failed);
            process.Refresh();
            return new((process.TotalProcessorTime - processor).TotalMicroseconds / PerRound, (WrittenBytes() - written) / (double)PerRound, result.PerSecond);
        }

        private static long WrittenBytes() => long.Parse(
            File.ReadLines("/proc/self/io").Single(line => line.StartsWith("write_bytes", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
