using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_order_is_placed_with_its_timeline_and_feed_rows(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));

        var result = await portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], Amount: 1234, Subject: "龙井"), Actor.System(store.Id), CancellationToken.None);

        var placed = Assert.IsType<PlaceOrderResult.Placed>(result);
        var order = await portal.ReadAsync(db => db.Orders.SingleAsync());
        Assert.Equal((placed.Order.Number, 1234, OrderStatus.Pending), (order.Number, order.Amount, order.Status));
        Assert.Equal(TimelineKind.OrderCreated, (await portal.ReadAsync(db => db.Timeline.SingleAsync())).Kind);
        Assert.Equal(1, (await portal.ReadAsync(db => db.Feed.SingleAsync())).Number);
    }

    [Fact]
    public async Task A_reading_connection_of_sqlite_refuses_to_write()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var db = await portal.Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        db.Stores.Add(new Store { Name = "x", CreatedAt = DateTimeOffset.UnixEpoch });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Feed_numbers_have_no_gap_when_many_write_at_once(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));

        await Parallel.ForEachAsync(Enumerable.Range(0, 50), async (_, ct) => await portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], Amount: 1, Subject: "茶"), Actor.System(store.Id), ct));

        var numbers = await portal.ReadAsync(db => db.Feed.OrderBy(row => row.Number).Select(row => row.Number).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 50).Select(number => (long)number), numbers);
    }
}
