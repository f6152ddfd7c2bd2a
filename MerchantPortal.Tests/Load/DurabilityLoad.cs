using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R7: what it costs that every commit reaches the disk. Two portals in alternating rounds; the second one's commits are told not to wait for
/// the disk, which the product itself refuses.
/// </summary>
[Trait("Category", "Load")]
public sealed class DurabilityLoad
{
    private const int RoundCount = 9;
    private const int PerRound = 1_500;
    private const int InFlight = 64;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Durability()
    {
        using var platform = new WeChatPlatform();
        using var unsynced = new UnsyncedCommits();
        await using var full = await PortalFactory.StartAsync();
        await using var normal = await PortalFactory.StartAsync();
        using var client = LoadClient.Create();
        var (durable, relaxed) = (await StormShop.CreateAsync(full, platform, Most), await StormShop.CreateAsync(normal, platform, Most));
        unsynced.TakeFrom(normal);
        await using var other = await NaiveShop.StartAsync(platform, durable.Orders.Take(1), NaiveKind.Plain);
        var control = new StormSide(client, new Uri(other.Address, "verify"), count => StormShop.Sign(platform, durable.Orders.Take(count), 0));

        var rounds = new Rounds(RoundCount, () => control.ThroughputAsync(PerRound, InFlight));
        var table = await rounds.RunAsync(("full", () => Side(durable).ThroughputAsync(PerRound, InFlight)), ("normal", () => Side(relaxed).ThroughputAsync(PerRound, InFlight)));
        unsynced.AssertTakenFrom(normal);
        unsynced.AssertNotTakenFrom(full);
        await durable.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await relaxed.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await full.AssertInvariantsAsync();
        await normal.AssertInvariantsAsync();
        _report.Line($"{InFlight} in flight: synchronous FULL {table.Median("full"):0}/s, NORMAL {table.Median("normal"):0}/s");
        _report.Ratio("R7", table, "full", "normal", isAtLeast: true, 0.6);
        await _report.SaveAsync();

        StormSide Side(StormShop shop) => new(client, shop.NotifyUrl, count => shop.SignNext(platform, count));
    }

    /// <summary>Warm-up, and the whole once more when the control was too uneasy.</summary>
    private static int Most => PerRound * (RoundCount + 1) * 2;
}
