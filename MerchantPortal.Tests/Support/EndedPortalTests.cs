using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using MerchantPortal.Tests.Sandbox;

namespace MerchantPortal.Tests.Support;

/// <summary>A test run starts some thousand portals in one process: whatever keeps an ended one alive fills the memory.</summary>
public sealed class EndedPortalTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_portal_that_ended_leaves_nothing_behind(DatabaseProvider provider)
    {
        var ended = new List<WeakReference>();
        for (var number = 0; number < 3; number++)
        {
            ended.AddRange(await TradeAndEndAsync(provider));
        }

        // The last one has only just let this method go on.
        await Task.Yield();
        for (var round = 0; round < 10 && ended.Exists(part => part.IsAlive); round++)
        {
            // Once more after the finalizers, which hold what they are to end.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(ended, part => part.IsAlive);
    }

    /// <summary>Not inlined, so that nothing of the portal lies on the stack of the caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> TradeAndEndAsync(DatabaseProvider provider)
    {
        await using var shop = await SandboxShop.OpenAsync(provider: provider);
        await shop.PayAsync(await shop.StartAsync());
        using var browser = new PortalClient(shop.Portal.Address);
        await browser.ReadAsync("/account/sign-in");
        return [new(shop.Portal.Services), new(shop.Portal.Get<PortalContexts>())];
    }
}
