using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>R16, R20: what a long history costs those who never look at it, in alternating rounds with a short one.</summary>
internal sealed class LargeBesideSmall(LoadReport report, SeededShop large, SeededShop small)
{
    private const int RoundCount = 7;
    private const int Present = 10_000;
    private const int InFlight = 64;
    private const int Starts = 9;

    public async Task NotificationsAsync(Func<Task<double>> control)
    {
        using var platform = new WeChatPlatform();
        using var client = LoadClient.Create();
        var (ofLarge, ofSmall) = (await SideAsync(large), await SideAsync(small));
        var table = await new Rounds(RoundCount, control).RunAsync(
            ("large", () => ofLarge.ThroughputAsync(InFlight)), ("small", () => ofSmall.ThroughputAsync(InFlight)));
        report.Line($"notifications, {InFlight} in flight: {table.Median("large"):0}/s, small {table.Median("small"):0}/s");
        report.Ratio("R16", table, "large", "small", isAtLeast: true, 0.85);

        async Task<StormSide> SideAsync(SeededShop shop) => (await StormShop.CreateAsync(shop.Portal, platform, Present)).Side(client);
    }

    /// <summary>In this process, where nothing has to be compiled any more: what is left is what the start itself does.</summary>
    public async Task StartsAsync(Func<Task<double>> control)
    {
        var table = await new Rounds(Starts, control).RunAsync(("large", () => Rounds.MedianAsync(large.RestartAsync)), ("small", () => Rounds.MedianAsync(small.RestartAsync)));
        report.Line($"start to ready: {table.Median("large"):0} ms, small {table.Median("small"):0} ms");
        report.Ratio("R20", table, "large", "small", isAtLeast: false, 1.3);
    }
}
