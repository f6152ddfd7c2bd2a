using MerchantPortal.Data;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Faults;

/// <summary>The process ends between any two steps as in a power cut; WeChat sends again what nobody answered.</summary>
public sealed class KillTests
{
    private const int Killed = 137;

    private static readonly string[] Places =
    [
        Failpoints.AfterCapture, Failpoints.BeforeCommit, Failpoints.AfterCommit, Failpoints.BeforeFeedPublish, Failpoints.BeforeAnswer, Failpoints.AfterAnswer,
    ];

    [Fact]
    public async Task Wherever_the_process_is_killed_every_order_is_paid_once_and_nothing_acknowledged_is_lost()
    {
        await using var shop = await FaultShop.OpenAsync(200);
        foreach (var place in Places)
        {
            await KillAsync(shop, place, occurrence: 1);
            await KillAsync(shop, place, occurrence: 4);
        }

        await FinishAsync(shop);
    }

    /// <summary>Each place at each occurrence until it is not reached any more.</summary>
    [Fact]
    [Trait("Category", "Load")]
    public async Task Wherever_and_however_often_the_process_is_killed_every_order_is_paid_once()
    {
        foreach (var place in Places)
        {
            var fired = true;
            for (var occurrence = 1; fired; occurrence++)
            {
                await using var shop = await FaultShop.OpenAsync(40);
                await using (var portal = await shop.StartAsync($"{place}=kill@{occurrence}"))
                {
                    await shop.SendWaitingAsync(portal);
                    fired = await EndAsync(portal) == Killed;
                }

                // A callback that comes alone passes each place once, at the least.
                Assert.True(fired || occurrence > 1, place);
                await FinishAsync(shop);
            }
        }
    }

    /// <summary>A process that has just been killed closes its connections a moment before it is known to have ended: how it ended tells for sure.</summary>
    private static async Task<int> EndAsync(PortalProcess portal)
    {
        if (!portal.HasExited)
        {
            portal.Terminate();
        }

        return await portal.WaitForExitAsync(Patience.Limit);
    }

    private static async Task KillAsync(FaultShop shop, string place, int occurrence)
    {
        await using var portal = await shop.StartAsync($"{place}=kill@{occurrence}");
        await shop.SendWaitingAsync(portal);
        Assert.Equal(Killed, await portal.WaitForExitAsync(Patience.Limit));
        await shop.AssertSoundAsync();
    }

    private static async Task FinishAsync(FaultShop shop)
    {
        await using var portal = await shop.StartAsync();
        await shop.SendUntilAnsweredAsync(portal);
        await shop.AssertAllPaidAsync();
    }
}
