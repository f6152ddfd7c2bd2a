using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace MerchantPortal.Tests.Orders;

public sealed class LiveOrdersTests : IAsyncLifetime, IDisposable
{
    private static readonly OrderFilter Waiting = new([OrderStatus.Pending]);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _enough = new(Patience.Limit);
    private OrderShop _shop = null!;

    private LiveOrders Live => _shop.Portal.Get<LiveOrders>();

    public async Task InitializeAsync() => _shop = await OrderShop.OpenAsync(configure: portal => portal.WithClock(_time));

    public Task DisposeAsync() => _shop.DisposeAsync().AsTask();

    public void Dispose() => _enough.Dispose();

    [Fact]
    public async Task However_many_lists_show_a_filter_a_change_is_read_once()
    {
        await using var one = Follow(Live, Waiting);
        Assert.Equal(0, (await NextAsync(one)).Totals?.Count);
        // Another list makes the same filter anew.
        await using var other = Follow(Live, new([OrderStatus.Pending]));
        Assert.Equal(0, (await NextAsync(other)).Totals?.Count);

        _time.Advance(LiveOrders.BetweenChanges);
        var order = await PlaceAsync();

        var change = await NextAsync(one);
        Assert.Same(change, await NextAsync(other));
        Assert.Equal((0, 1), (change.After, change.Number));
        Assert.Equal(order.Number, Assert.Single(change.Matching).Number);
        Assert.Equal(1, change.Totals?.Count);
    }

    [Fact]
    public async Task The_first_change_comes_at_once_and_those_soon_after_it_together_when_it_is_their_turn()
    {
        await using var list = Follow(Live, OrderFilter.All);
        await NextAsync(list);
        _time.Advance(LiveOrders.BetweenChanges);

        // The clock stands still: nothing but the change itself can bring it.
        await PlaceAsync();
        Assert.Single((await NextAsync(list)).Rows);

        await PlaceAsync();
        await PlaceAsync();
        var next = NextAsync(list);
        await NoticedAsync(OrderFilter.All, 3);
        Assert.False(next.IsCompleted);

        _time.Advance(LiveOrders.BetweenChanges);
        Assert.Equal(2, (await next).Rows.Count);
    }

    [Fact]
    public async Task What_changed_is_told_even_when_it_no_longer_matches()
    {
        var order = await _shop.AddAsync(_time.GetUtcNow());
        await using var list = Follow(Live, Waiting);
        await NextAsync(list);
        _time.Advance(LiveOrders.BetweenChanges);

        await _shop.PayAsync(order);

        var change = await NextAsync(list);
        Assert.Equal(OrderStatus.Paid, Assert.Single(change.Rows).Status);
        Assert.Empty(change.Matching);
    }

    [Fact]
    public async Task A_list_that_takes_nothing_sees_by_the_numbers_that_it_missed_something()
    {
        await using var slow = Follow(Live, OrderFilter.All);
        await using var quick = Follow(Live, OrderFilter.All);
        var known = (await NextAsync(slow)).Number;
        await NextAsync(quick);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(LiveOrders.BetweenChanges);
            await PlaceAsync();
            await NextAsync(quick);
        }

        var change = await NextAsync(slow);

        Assert.True(change.After > known, $"{change.After} follows {known}.");
    }

    [Fact]
    public async Task Reading_ends_when_the_last_list_has_left()
    {
        await using var one = Follow(Live, OrderFilter.All);
        await using var other = Follow(Live, OrderFilter.All);
        await NextAsync(one);
        await NextAsync(other);

        await one.DisposeAsync();
        Assert.NotNull(Live.Noticed(_shop.StoreId, OrderFilter.All));
        await other.DisposeAsync();

        Assert.Null(Live.Noticed(_shop.StoreId, OrderFilter.All));
        Assert.Equal(0, _shop.Portal.Get<OrderFeed>().Readers);
    }

    [Fact]
    public async Task A_database_that_fails_for_a_while_costs_time_but_no_change()
    {
        var contexts = new FailingContexts(_shop.Portal.Get<PortalContexts>());
        using var live = new LiveOrders(new OrderQueries(contexts), _shop.Portal.Get<OrderFeed>(), _time, NullLogger<LiveOrders>.Instance);
        await using var list = Follow(live, OrderFilter.All);
        await NextAsync(list);
        contexts.Failures = 1;
        _time.Advance(LiveOrders.BetweenChanges);

        var order = await PlaceAsync();
        var next = RowsAsync(list);
        while (!next.IsCompleted)
        {
            _enough.Token.ThrowIfCancellationRequested();
            _time.Advance(LiveOrders.BetweenChanges);
            await Task.Yield();
        }

        var change = await next;
        Assert.Equal(0, contexts.Failures);
        Assert.Equal(order.Number, Assert.Single(change.Rows).Number);
        Assert.Equal(0, change.After);
    }

    private IAsyncEnumerator<OrderChange> Follow(LiveOrders live, OrderFilter filter) =>
        live.FollowAsync(_shop.StoreId, filter, afterNumber: 0, _enough.Token).GetAsyncEnumerator(_enough.Token);

    private static async Task<OrderChange> NextAsync(IAsyncEnumerator<OrderChange> list)
    {
        Assert.True(await list.MoveNextAsync());
        return list.Current;
    }

    private static async Task<OrderChange> RowsAsync(IAsyncEnumerator<OrderChange> list)
    {
        while (await NextAsync(list) is var change)
        {
            if (change.Rows.Count > 0)
            {
                return change;
            }
        }

        throw new InvalidOperationException("The changes ended.");
    }

    private async Task NoticedAsync(OrderFilter filter, long number)
    {
        while (Live.Noticed(_shop.StoreId, filter) < number)
        {
            _enough.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<Order> PlaceAsync() => Assert.IsType<PlaceOrderResult.Placed>(
        await _shop.Portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], 100, "茶"), _shop.Actor, _enough.Token)).Order;

    /// <summary>Refuses so many connections.</summary>
    private sealed class FailingContexts(PortalContexts contexts) : IDbContextFactory<PortalDbContext>
    {
        private int _failures;

        public int Failures
        {
            get => Math.Max(0, _failures);
            set => _failures = value;
        }

        public PortalDbContext CreateDbContext() =>
            Interlocked.Decrement(ref _failures) >= 0 ? throw new InvalidOperationException("The database is away.") : contexts.CreateDbContext();
    }
}
