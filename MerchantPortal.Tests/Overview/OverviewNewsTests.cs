using MerchantPortal.Orders;
using MerchantPortal.Overview;
using MerchantPortal.Tests.Orders;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Overview;

public sealed class OverviewNewsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_busy_till_is_looked_at_once_in_two_seconds_of_the_portals_clock()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(clock));
        using var gone = new CancellationTokenSource();
        using var looks = new SemaphoreSlim(0);
        var following = shop.Portal.Get<OverviewNews>().FollowAsync(shop.StoreId, 0, LookAsync, gone.Token);
        var pausing = clock.WhenTimerIsSetAsync(OverviewNews.Pause);

        await PlaceAsync(shop);

        Assert.True(await looks.WaitAsync(Patience, CancellationToken.None));
        await pausing.WaitAsync(Patience);
        await PlaceAsync(shop);
        clock.Advance(OverviewNews.Pause - TimeSpan.FromMilliseconds(1));
        Assert.False(await looks.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await looks.WaitAsync(Patience, CancellationToken.None));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        Task LookAsync()
        {
            looks.Release();
            return Task.CompletedTask;
        }
    }

    private static async Task PlaceAsync(OrderShop shop) => Assert.IsType<PlaceOrderResult.Placed>(
        await shop.Portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], Amount: 100, Subject: "龙井"), shop.Actor, CancellationToken.None));
}
