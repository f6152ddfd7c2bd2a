using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;

namespace MerchantPortal.Tests.Orders;

public sealed class OrderQueriesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Paging_shows_every_order_once_newest_first_while_others_arrive(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        for (var i = 0; i < 23; i++)
        {
            await shop.AddAsync(Noon.AddMinutes(i));
        }

        var seen = new List<OrderSummary>();
        var cursor = OrderCursor.Newest;
        OrderPage page;
        do
        {
            page = await shop.Queries.PageAsync(shop.StoreId, new OrderFilter(), cursor, 5, CancellationToken.None);
            seen.AddRange(page.Rows);
            cursor = new OrderCursor(OlderThan: page.Rows[^1].Id);
            await shop.AddAsync(Noon.AddDays(1));
        }
        while (page.HasOlder);

        Assert.Equal(Enumerable.Range(0, 23).Select(i => Noon.AddMinutes(22 - i)), seen.Select(row => row.CreatedAt));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Going_back_shows_the_page_that_was_left(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        for (var i = 0; i < 12; i++)
        {
            await shop.AddAsync(Noon.AddMinutes(i));
        }

        var first = await shop.PageAsync(OrderCursor.Newest);
        var second = await shop.PageAsync(new OrderCursor(OlderThan: first.Rows[^1].Id));
        var third = await shop.PageAsync(new OrderCursor(OlderThan: second.Rows[^1].Id));
        var back = await shop.PageAsync(new OrderCursor(NewerThan: third.Rows[0].Id));

        Assert.Equal(second.Rows, back.Rows);
        Assert.True(back is { HasNewer: true, HasOlder: true });
        Assert.False((await shop.PageAsync(new OrderCursor(NewerThan: second.Rows[0].Id))).HasNewer);
        Assert.False(third.HasOlder);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Filters_choose_by_status_flag_channel_and_time(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        var waiting = await shop.AddAsync(Noon);
        var paid = await shop.AddAsync(Noon.AddHours(1), OrderStatus.Paid);
        var late = await shop.AddAsync(Noon.AddHours(2), OrderStatus.Paid, OrderFlags.PaidLate);
        var refunded = await shop.AddAsync(Noon.AddDays(1), OrderStatus.Refunded);
        await shop.AddAttemptAsync(paid, "alipay", AttemptStatus.Paid);
        await shop.AddAttemptAsync(waiting, "wechat-v3", AttemptStatus.Prompted);

        Assert.Equal([waiting.Number], await shop.NumbersAsync(new OrderFilter(Statuses: [OrderStatus.Pending])));
        Assert.Equal([refunded.Number, late.Number, paid.Number], await shop.NumbersAsync(new OrderFilter(Statuses: [OrderStatus.Paid, OrderStatus.Refunded])));
        Assert.Equal([late.Number], await shop.NumbersAsync(new OrderFilter(AnyFlag: OrderFilter.EveryFlag)));
        Assert.Empty(await shop.NumbersAsync(new OrderFilter(AnyFlag: OrderFlags.DuplicateMoney)));
        Assert.Equal([paid.Number], await shop.NumbersAsync(new OrderFilter(Channel: "alipay")));
        Assert.Equal([late.Number, paid.Number], await shop.NumbersAsync(new OrderFilter(From: Noon.AddHours(1), Until: Noon.AddDays(1))));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_search_finds_an_order_by_any_of_its_numbers_and_by_its_amount(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        var order = await shop.AddAsync(Noon, amount: 123_456, merchantOrderNo: "shop-77");
        await shop.AddAsync(Noon.AddHours(1), amount: 99);
        var attempt = await shop.AddAttemptAsync(order, "wechat-v3", AttemptStatus.Paid, transactionId: "4200001234202606011234567890");
        string[] texts =
        [
            order.Number, order.Number.ToLowerInvariant(), order.Number[..12], "shop-77", attempt.OutTradeNo, "4200001234202606011234567890",
            "1234.56", "¥1,234.56", $"  {order.Number} ",
        ];

        foreach (var text in texts)
        {
            Assert.Equal([order.Number], await shop.NumbersAsync(new OrderFilter(Search: text)));
        }

        Assert.Empty(await shop.NumbersAsync(new OrderFilter(Search: "shop-7")));
        Assert.Empty(await shop.NumbersAsync(new OrderFilter(Search: "' OR 1=1 --")));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Totals_are_of_the_whole_filter(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        await shop.AddAsync(Noon, amount: 500);
        await shop.AddAsync(Noon, OrderStatus.Paid, amount: 1_000);
        await shop.AddAsync(Noon, OrderStatus.PartiallyRefunded, amount: 2_000, refunded: 300);

        var all = await shop.Queries.TotalsAsync(shop.StoreId, new OrderFilter(), CancellationToken.None);

        Assert.Equal(new OrderTotals(3, 3_000, 300), all);
        Assert.Equal(2_700, all.Net);
        Assert.Equal(new OrderTotals(0, 0, 0), await shop.Queries.TotalsAsync(shop.StoreId, new OrderFilter(Search: "nothing"), CancellationToken.None));
    }

    [Fact]
    public async Task Another_store_sees_and_finds_nothing()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Noon, merchantOrderNo: "shop-77");
        await shop.AddAttemptAsync(order, "alipay", AttemptStatus.Paid, transactionId: "2026060122001");
        var other = new Store { Name = "隔壁", CreatedAt = Noon };
        await shop.Portal.WriteAsync(db => db.Stores.Add(other));

        foreach (var text in new[] { null, order.Number, "shop-77", "2026060122001" })
        {
            var page = await shop.Queries.PageAsync(other.Id, new OrderFilter(Search: text), OrderCursor.Newest, 5, CancellationToken.None);
            Assert.Empty(page.Rows);
        }

        Assert.Null(await shop.Portal.Get<OrderDetailQueries>().FindAsync(other.Id, order.Number, CancellationToken.None));
    }

    [Fact]
    public async Task The_channel_shown_is_the_one_that_was_paid_through()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Noon, OrderStatus.Paid);
        await shop.AddAttemptAsync(order, "alipay", AttemptStatus.Paid);
        await shop.AddAttemptAsync(order, "wechat-v3", AttemptStatus.Closed);

        Assert.Equal("alipay", Assert.Single((await shop.PageAsync(OrderCursor.Newest)).Rows).Channel);
    }

    [Fact]
    public void An_id_of_a_moment_is_not_below_the_floor_of_that_moment_and_below_that_of_the_next()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var id = Guid.CreateVersion7(Noon.AddMilliseconds(i));
            Assert.True(id >= OrderId.Floor(Noon.AddMilliseconds(i)));
            Assert.True(id < OrderId.Floor(Noon.AddMilliseconds(i + 1)));
        }
    }
}
