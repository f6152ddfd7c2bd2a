using MerchantPortal.Shell;

namespace MerchantPortal.Orders.Pages;

/// <summary>What the list page needs of its surroundings: who is looking, the store's calendar, the clock, and a view that can follow.</summary>
public sealed class OrderListSources(CurrentActor currentActor, StoreClock clock, OrderQueries queries, OrderFeed feed, LiveOrders live, MinuteClock minutes, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public async Task<Guid> StoreIdAsync() => (await currentActor.GetAsync()).StoreId;

    public ValueTask<StoreTime> CalendarAsync() => clock.GetAsync();

    public OrderListViewModel NewView() => new(queries, feed, live);

    public IDisposable EveryMinute(Action tick) => minutes.Follow(tick);
}
