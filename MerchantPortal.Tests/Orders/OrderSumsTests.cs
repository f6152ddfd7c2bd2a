using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders;

public sealed class OrderSumsTests
{
    /// <summary>Neither the hour of a span nor that of a day.</summary>
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 3, 17, 0, TimeSpan.Zero);

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Totals_of_any_time_and_status_are_the_sums_of_its_orders(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        var orders = await LayOutAsync(shop);

        foreach (var from in (double?[])[null, 0, 2.5, 8, 13, 40])
        {
            foreach (var length in (double?[])[null, 0.5, 8, 16, 25, 60])
            {
                foreach (var statuses in (OrderStatus[]?[])[null, [OrderStatus.Paid], [OrderStatus.Refunded, OrderStatus.PartiallyRefunded]])
                {
                    await AssertSumAsync(shop, orders, new(statuses), from is null ? null : Start.AddHours(from.Value), length is null ? null : Start.AddHours((from ?? 0) + length.Value));
                }
            }
        }

        await AssertSumAsync(shop, orders, new(AnyFlag: OrderFlags.PaidLate | OrderFlags.NeedsReview), Start.AddHours(2.5), null);
        await AssertSumAsync(shop, orders, new([OrderStatus.Paid], OrderFilter.EveryFlag), null, Start.AddHours(40));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Tallies_follow_every_change_of_an_order_and_are_counted_anew_when_a_trigger_was_lost(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        await LayOutAsync(shop);
        await shop.PayAsync(await shop.AddAsync(Start));
        await shop.Portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => db.Database.ExecuteSqlRawAsync(provider == DatabaseProvider.Sqlite ? """DROP TRIGGER "Orders_tally_insert" """ : """DROP TRIGGER "Orders_tally_insert" ON "Orders" """, ct),
            CancellationToken.None);
        await shop.AddAsync(Start, OrderStatus.Paid);
        var unseen = await TotalsAsync(shop, new OrderFilter());

        await shop.Portal.Get<MigratePortal>().ExecuteAsync(CancellationToken.None);
        await shop.AddAsync(Start, OrderStatus.Paid);

        var totals = await TotalsAsync(shop, new OrderFilter());
        Assert.Equal(unseen.Count + 2, totals.Count);
        Assert.Equal(await shop.Portal.ReadAsync(db => db.Orders.CountAsync()), totals.Count);
        Assert.Equal(await shop.Portal.ReadAsync(db => db.Orders.SumAsync(order => order.PaidAmount)), totals.Gross);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_channels_list_shows_each_order_once_however_often_it_was_tried(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        var tried = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            var order = await shop.AddAsync(Start.AddMinutes(i), i % 3 == 0 ? OrderStatus.Refunded : i % 3 == 1 ? OrderStatus.PartiallyRefunded : OrderStatus.Paid, amount: 200, refunded: i % 3 == 2 ? 0 : 100);
            tried.Insert(0, order.Number);
            for (var times = 0; times < 4; times++)
            {
                await shop.AddAttemptAsync(order, "alipay", AttemptStatus.Closed);
            }
        }

        var (seen, refunded) = (new List<string>(), new List<string>());
        await WalkAsync(shop, new OrderFilter(Channel: "alipay"), seen);
        await WalkAsync(shop, new OrderFilter([OrderStatus.Refunded, OrderStatus.PartiallyRefunded], Channel: "alipay"), refunded);

        Assert.Equal(tried, seen);
        Assert.Equal(tried.Where((_, i) => (8 - i) % 3 != 2), refunded);
        Assert.Equal(9, (await TotalsAsync(shop, new OrderFilter(Channel: "alipay"))).Count);
    }

    private static async Task WalkAsync(OrderShop shop, OrderFilter filter, List<string> seen)
    {
        var cursor = OrderCursor.Newest;
        OrderPage page;
        do
        {
            page = await shop.Queries.PageAsync(shop.StoreId, filter, cursor, 2, CancellationToken.None);
            seen.AddRange(page.Rows.Select(row => row.Number));
            cursor = new OrderCursor(OlderThan: page.Rows[^1].Id);
        }
        while (page.HasOlder);
    }

    private static async Task<List<Order>> LayOutAsync(OrderShop shop)
    {
        var orders = new List<Order>();
        var statuses = Enum.GetValues<OrderStatus>();
        for (var i = 0; i < 40; i++)
        {
            var status = statuses[i % statuses.Length];
            orders.Add(await shop.AddAsync(
                Start.AddHours(1.37 * i), status, (OrderFlags)(i % 8), amount: 1_000 + i,
                refunded: status == OrderStatus.Refunded ? 1_000 + i : status == OrderStatus.PartiallyRefunded ? 7 : 0));
        }

        return orders;
    }

    private static async Task AssertSumAsync(OrderShop shop, List<Order> orders, OrderFilter filter, DateTimeOffset? from, DateTimeOffset? until)
    {
        var expected = orders.Where(order => (filter.Statuses?.Contains(order.Status) ?? true)
            && (filter.AnyFlag == OrderFlags.None || (order.Flags & filter.AnyFlag) != OrderFlags.None)
            && (from is null || order.CreatedAt >= from) && (until is null || order.CreatedAt < until)).ToList();
        Assert.Equal(
            new OrderTotals(expected.Count, expected.Sum(order => order.PaidAmount), expected.Sum(order => order.RefundedAmount)),
            await TotalsAsync(shop, filter with { From = from, Until = until }));
    }

    private static Task<OrderTotals> TotalsAsync(OrderShop shop, OrderFilter filter) =>
        shop.Queries.TotalsAsync(shop.StoreId, filter, CancellationToken.None);
}
