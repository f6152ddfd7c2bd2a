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
    private const int InFlight = 64;
    private const int Present = 20_000;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Durability()
    {
        using var platform = new WeChatPlatform();
        using var unsynced = new UnsyncedCommits();
        await using var full = await PortalFactory.StartAsync();
        await using var normal = await PortalFactory.StartAsync();
        using var client = LoadClient.Create();
        var (durable, relaxed) = (await StormShop.CreateAsync(full, platform, Present), await StormShop.CreateAsync(normal, platform, Present));
        unsynced.TakeFrom(normal);
        await using var other = await NaiveShop.StartAsync(platform, durable.Orders, NaiveKind.Plain);
        var (control, ofDurable, ofRelaxed) = (other.Fixed(client, "verify"), durable.Side(client), relaxed.Side(client));

        var rounds = new Rounds(RoundCount, () => control.ThroughputAsync(InFlight));
        var table = await rounds.RunAsync(("full", () => ofDurable.ThroughputAsync(InFlight)), ("normal", () => ofRelaxed.ThroughputAsync(InFlight)));
        unsynced.AssertTakenFrom(normal);
        unsynced.AssertNotTakenFrom(full);
        await durable.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await relaxed.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await full.AssertInvariantsAsync();
        await normal.AssertInvariantsAsync();
        _report.Line($"{InFlight} in flight: synchronous FULL {table.Median("full"):0}/s, NORMAL {table.Median("normal"):0}/s");
        _report.Ratio("R7", table, "full", "normal", isAtLeast: true, 0.6);
        await _report.SaveAsync();
    }
}
