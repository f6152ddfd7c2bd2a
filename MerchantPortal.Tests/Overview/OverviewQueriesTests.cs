using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Overview;
using MerchantPortal.Shell;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Overview;

public sealed class OverviewQueriesTests
{
    /// <summary>Thursday 31 December 2026, 12:00 in Shanghai; the business day began at 04:00.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    private static readonly StoreTime Calendar = StoreTime.Of("Asia/Shanghai", 4);

    private int _orders;

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_day_is_the_store_s_day_and_is_compared_with_the_same_part_of_last_week_s(DatabaseProvider provider)
    {
        using var portal = await PortalFactory.StartAsync(provider, factory => factory.WithClock(new FakeTimeProvider(Noon)));
        var store = new Store { Name = "晨光咖啡", CreatedAt = Noon };
        var other = new Store { Name = "Other", CreatedAt = Noon };
        await portal.WriteAsync(db =>
        {
            db.Stores.AddRange(store, other);
            db.Orders.AddRange(
                Paid(store, 1_000, Noon.AddHours(-8)),
                Paid(store, 200, Noon.AddHours(-8).AddMilliseconds(-1)),
                Paid(store, 500, Noon.AddDays(-7).AddHours(-1)),
                Paid(store, 9_000, Noon.AddDays(-7).AddHours(1)),
                Paid(other, 77_777, Noon.AddHours(-1)),
                Order(store, 300, OrderStatus.Pending, null),
                Paid(store, 50, Noon.AddHours(-1), OrderFlags.PaidLate));
        });

        var today = await portal.Get<OverviewQueries>().GetAsync(store.Id, Calendar, CancellationToken.None);

        Assert.Equal(new Takings(1_050, 2), today.PaidToday);
        Assert.Equal(new Takings(500, 1), today.PaidWeekAgo);
        Assert.Equal(new Takings(300, 1), today.Waiting);
        Assert.Equal(14, today.Days.Count);
        Assert.Equal(new DayTakings(new DateOnly(2026, 12, 30), 200, 1), today.Days[^2]);
        Assert.Equal(new DayTakings(new DateOnly(2026, 12, 24), 9_500, 2), today.Days[6]);
        Assert.Equal(1, today.NeedsAction.Total);
        Assert.Equal(OrderFlags.PaidLate, Assert.Single(today.NeedsAction.Orders).Flags);
        Assert.True(today.Steps.TookPayment);
    }

    [Fact]
    public async Task Without_the_sandbox_only_live_money_counts()
    {
        using var portal = await PortalFactory.StartAsync(configure: factory =>
            factory.WithClock(new FakeTimeProvider(Noon)).Set("Sandbox:Enabled", "false"));
        var store = new Store { Name = "晨光咖啡", CreatedAt = Noon };
        await portal.WriteAsync(db =>
        {
            db.Stores.Add(store);
            db.Orders.AddRange(Paid(store, 1_000, Noon.AddHours(-1)), Paid(store, 25, Noon.AddHours(-1), mode: PaymentMode.Live));
        });
        var today = await portal.Get<OverviewQueries>().GetAsync(store.Id, Calendar, CancellationToken.None);
        Assert.Equal(new Takings(25, 1), today.PaidToday);
    }

    private Order Paid(Store store, long amount, DateTimeOffset at, OrderFlags flags = OrderFlags.None, PaymentMode mode = PaymentMode.Test) =>
        Order(store, amount, OrderStatus.Paid, at, flags, mode);

    private Order Order(
        Store store, long amount, OrderStatus status, DateTimeOffset? paidAt, OrderFlags flags = OrderFlags.None, PaymentMode mode = PaymentMode.Test) => new()
        {
            StoreId = store.Id,
            Mode = mode,
            Number = $"M{++_orders:000000}",
            CheckoutToken = $"token-{_orders}",
            Subject = "拿铁咖啡",
            Amount = amount,
            PaidAmount = paidAt is null ? 0 : amount,
            Status = status,
            Flags = flags,
            CreatedAt = paidAt ?? Noon,
            ExpiresAt = (paidAt ?? Noon).AddMinutes(30),
            PaidAt = paidAt,
        };
}
