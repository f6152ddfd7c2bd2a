using System.Diagnostics;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class OrderListViewModelTests
{
    private readonly FakeTimeProvider _time = new();
    private int _changes;

    [Fact]
    public async Task A_burst_becomes_one_change_of_the_screen_and_no_more_than_four_a_second()
    {
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));
        await using var view = await FollowAsync(shop);
        await UntilAsync(() => _changes == 1);

        await PlaceAsync(shop, 20);
        await UntilAsync(() => Noticed(shop, new OrderFilter()) == 20);
        Assert.Equal(1, _changes);
        Assert.Empty(view.Rows.Shown);

        _time.Advance(LiveOrders.BetweenChanges);
        await UntilAsync(() => _changes == 2);

        Assert.Equal(20, view.Rows.Shown.Count);
        Assert.Equal(20, view.Totals?.Count);
    }

    [Fact]
    public async Task After_an_absence_the_list_equals_a_fresh_one()
    {
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));
        await PlaceAsync(shop, 5);
        await using var view = NewView(shop);
        await view.LoadAsync(shop.StoreId, new OrderFilter(), OrderCursor.Newest);
        // Between the reading of the rows and the start of following.
        await PlaceAsync(shop, 60);

        view.Follow(CountAsync);
        await UntilAsync(() => _changes >= 1 && Noticed(shop, new OrderFilter()) == 65);
        _time.Advance(LiveOrders.BetweenChanges);
        await UntilAsync(() => _changes >= 2);

        var fresh = await shop.Queries.PageAsync(shop.StoreId, new OrderFilter(), OrderCursor.Newest, OrderListViewModel.PageSize, CancellationToken.None);
        Assert.Equal(fresh.Rows, view.Rows.Shown);
        Assert.True(view.Rows.HasOlder);
    }

    [Fact]
    public async Task A_list_that_joins_others_which_are_further_catches_up()
    {
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));
        await using var late = NewView(shop);
        await late.LoadAsync(shop.StoreId, new OrderFilter(), OrderCursor.Newest);
        await using var view = await FollowAsync(shop);
        await UntilAsync(() => _changes == 1);
        _time.Advance(LiveOrders.BetweenChanges);
        await PlaceAsync(shop, 1);
        await UntilAsync(() => _changes == 2);

        late.Follow(CountAsync);
        await UntilAsync(() => _changes == 3);

        Assert.Equal(view.Rows.Shown, late.Rows.Shown);
        Assert.Equal((1, 1), (late.FeedNumber, late.Totals?.Count));
    }

    [Fact]
    public async Task A_row_that_no_longer_matches_stays_and_tells_what_became_of_it()
    {
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));
        var order = await shop.AddAsync(_time.GetUtcNow());
        var waiting = new OrderFilter(Statuses: [OrderStatus.Pending]);
        await using var view = await FollowAsync(shop, waiting);
        await UntilAsync(() => _changes == 1);

        await shop.PayAsync(order);
        await UntilAsync(() => Noticed(shop, waiting) == 1);
        _time.Advance(LiveOrders.BetweenChanges);
        await UntilAsync(() => _changes == 2);

        Assert.Equal(OrderStatus.Paid, Assert.Single(view.Rows.Shown).Status);
        Assert.True(view.Rows.Glows(order.Id));
        Assert.Equal(0, view.Totals?.Count);
    }

    [Fact]
    public async Task A_disposed_list_no_longer_follows()
    {
        await using var shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));
        var view = await FollowAsync(shop);
        await UntilAsync(() => _changes == 1 && shop.Portal.Get<OrderFeed>().Readers == 1);

        await view.DisposeAsync();

        Assert.Equal(0, shop.Portal.Get<OrderFeed>().Readers);
    }

    /// <summary>How far the feed has come in, drawn or not.</summary>
    private static long? Noticed(OrderShop shop, OrderFilter filter) => shop.Portal.Get<LiveOrders>().Noticed(shop.StoreId, filter);

    private static OrderListViewModel NewView(OrderShop shop) => new(shop.Queries, shop.Portal.Get<OrderFeed>(), shop.Portal.Get<LiveOrders>());

    private async Task<OrderListViewModel> FollowAsync(OrderShop shop, OrderFilter? filter = null)
    {
        var view = NewView(shop);
        await view.LoadAsync(shop.StoreId, filter ?? new OrderFilter(), OrderCursor.Newest);
        view.Follow(CountAsync);
        return view;
    }

    private Task CountAsync()
    {
        Interlocked.Increment(ref _changes);
        return Task.CompletedTask;
    }

    private static async Task PlaceAsync(OrderShop shop, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await shop.Portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], 100, "茶"), shop.Actor, CancellationToken.None);
        }
    }

    /// <summary>What other threads do has no other end to wait for.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience.Limit, $"It has not happened within {Patience.Limit}.");
            await Task.Yield();
        }
    }
}
