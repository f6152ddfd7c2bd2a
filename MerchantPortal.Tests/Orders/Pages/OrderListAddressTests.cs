using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Shell;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class OrderListAddressTests
{
    [Fact]
    public void Days_are_the_stores_business_days_and_the_last_counts_whole()
    {
        var filter = OrderListAddress.Parse(new(From: "2026-06-01", To: "2026-06-01")).ToFilter(StoreTime.Of("Asia/Shanghai", 4));

        Assert.Equal(new DateTimeOffset(2026, 5, 31, 20, 0, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 6, 1, 20, 0, 0, TimeSpan.Zero), filter.Until);
    }

    [Fact]
    public void What_is_not_understood_counts_as_not_given()
    {
        var address = OrderListAddress.Parse(new("7", " ", "", "2026-13-01", "9999-12-31", "x", "y"));

        Assert.Equal(new OrderListAddress(OrderTab.All, null, null, null, null, OrderCursor.Newest), address);
        Assert.False(address.IsNarrowed);
    }

    [Theory]
    [InlineData("waiting", OrderStatus.Pending)]
    [InlineData("paid", OrderStatus.Paid)]
    [InlineData("refunded", OrderStatus.PartiallyRefunded, OrderStatus.Refunded)]
    public void A_tab_chooses_its_statuses(string tab, params OrderStatus[] statuses) =>
        Assert.Equal(statuses, OrderListAddress.Parse(new(tab)).ToFilter(StoreTime.Of("Asia/Shanghai", 0)).Statuses);

    [Fact]
    public void Needs_action_is_whatever_carries_a_flag() =>
        Assert.Equal(OrderFilter.EveryFlag, OrderListAddress.Parse(new("action")).ToFilter(StoreTime.Of("Asia/Shanghai", 0)).AnyFlag);
}
