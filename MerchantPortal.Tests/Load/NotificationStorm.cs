using System.Globalization;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R1–R4: durable WeChat notifications a second, ours against three ways in which a merchant would write it himself and against
/// verification alone. Throughput is taken with a fixed number in flight, latency at a fixed rate of arrivals, each in alternating rounds.
/// The figures count only if every notified order was paid exactly once on every side.
/// </summary>
[Trait("Category", "Load")]
public sealed class NotificationStorm
{
    private const int RoundCount = 7;

    private static readonly int Present = int.Parse(Environment.GetEnvironmentVariable("LOAD_ORDERS") ?? "20000", CultureInfo.InvariantCulture);

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Notifications()
    {
        using var platform = new WeChatPlatform();
        await using var portal = await PortalFactory.StartAsync();
        using var commits = new CommitCounter(portal);
        var shop = await StormShop.CreateAsync(portal, platform, Present);
        await using var naive = await NaiveShop.StartAsync(platform, shop.Orders, NaiveKind.Plain);
        await using var kept = await NaiveShop.StartAsync(platform, shop.Orders, NaiveKind.KeptKey);
        await using var immediate = await NaiveShop.StartAsync(platform, shop.Orders, NaiveKind.Immediate);
        using var client = LoadClient.Create();
        var sides = new Dictionary<string, StormSide>
        {
            ["ours"] = shop.Side(client),
            ["N0"] = NaiveSide(naive),
            ["N1"] = NaiveSide(kept),
            ["N2"] = NaiveSide(immediate),
            ["verify"] = naive.Fixed(client, "verify"),
        };
        var control = naive.Fixed(client, "control");
        _report.Line($"{shop.Orders.Count} orders present; N0 writes by itself with EF, N1 keeps its key, N2 also takes the write lock first");

        var rounds = new Rounds(RoundCount, () => control.ThroughputAsync(64));
        var slowest = double.MaxValue;
        foreach (var inFlight in (int[])[16, 64])
        {
            var before = (Commits: commits.Count, shop.Notified);
            var table = await rounds.RunAsync([.. sides.Select(side => (side.Key, (Func<Task<double>>)(() => side.Value.ThroughputAsync(inFlight))))]);
            ReportThroughput(inFlight, table);
            _report.Ratio($"R4@{inFlight}", commits.Count - before.Commits, shop.Notified - before.Notified, isAtLeast: false, 0.3);
            slowest = Math.Min(slowest, table.Median("N0"));
        }

        await LatencyAsync(rounds, sides, slowest / 2);
        await shop.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await portal.AssertInvariantsAsync();
        foreach (var (name, other) in (IEnumerable<(string, NaiveShop)>)[("N0", naive), ("N1", kept), ("N2", immediate)])
        {
            Assert.Equal(sides[name].Sent, await other.PaidAsync());
        }

        await _report.SaveAsync();

        StormSide NaiveSide(NaiveShop other) => StormSide.To(client, new Uri(other.Address, "naive"), other.SignNextAsync);
    }

    private void ReportThroughput(int inFlight, RoundTable table)
    {
        _report.Line($"{inFlight,3} in flight: {string.Join("  ", table.Figures.Keys.Select(side => FormattableString.Invariant($"{side} {table.Median(side):0}/s")))}");
        _report.Ratio($"R1@{inFlight}", table, "ours", "N0", isAtLeast: true, 10);
        _report.Ratio($"R1/N1@{inFlight}", table, "ours", "N1", isAtLeast: true, 10);
        _report.Ratio($"R1/N2@{inFlight}", table, "ours", "N2", isAtLeast: true, 10);
        _report.Ratio($"R3@{inFlight}", table, "ours", "verify", isAtLeast: true, 0.5);
    }

    /// <summary>R2: at a rate that the naive side bears; from the moment at which each was due.</summary>
    private async Task LatencyAsync(Rounds rounds, Dictionary<string, StormSide> sides, double perSecond)
    {
        var table = await rounds.RunAsync(
            ("ours", () => sides["ours"].LatencyAsync(perSecond)),
            ("N0", () => sides["N0"].LatencyAsync(perSecond)));
        _report.Line($"{perSecond:0} arrivals/s: p99 ours {table.Median("ours"):0.0} ms, N0 {table.Median("N0"):0.0} ms; longest ours {sides["ours"].Longest:0.0} ms, N0 {sides["N0"].Longest:0.0} ms");
        _report.Ratio("R2", table, "ours", "N0", isAtLeast: false, 0.1);
    }
}
