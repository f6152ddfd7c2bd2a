using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class OrderListRowsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_change_is_made_in_place_and_marked_once()
    {
        var (rows, all) = Loaded(3);
        var paid = all[1] with { Status = OrderStatus.Paid, Version = 1 };

        rows.Apply([paid], [], isAtTop: true);
        Assert.Equal([all[0], paid, all[2]], rows.Shown);
        Assert.True(rows.Glows(paid.Id));

        rows.Apply([paid], [], isAtTop: true);
        Assert.False(rows.Glows(paid.Id));
    }

    [Fact]
    public void New_rows_wait_while_the_reader_is_down_the_page_and_come_when_asked_for()
    {
        var (rows, all) = Loaded(2);
        var (first, second) = (Row(60), Row(61));

        rows.Apply([], [first], isAtTop: false);
        rows.Apply([], [second, first], isAtTop: false);
        Assert.Equal(2, rows.Waiting);
        Assert.Equal(all, rows.Shown);

        rows.ShowWaiting();
        Assert.Equal([second, first, .. all], rows.Shown);
        Assert.Equal(0, rows.Waiting);
    }

    [Fact]
    public void At_the_top_new_rows_appear_at_once_and_the_page_keeps_its_size()
    {
        var (rows, all) = Loaded(5);
        var row = Row(60);

        rows.Apply([], [row], isAtTop: true);

        Assert.Equal([row, .. all[..4]], rows.Shown);
        Assert.True(rows.HasOlder);
    }

    [Fact]
    public void An_older_page_takes_no_new_rows()
    {
        var rows = new OrderListRows(5);
        rows.Load(new OrderPage([Row(1)], HasNewer: true, HasOlder: false), isNewestPage: false);

        rows.Apply([], [Row(60)], isAtTop: true);

        Assert.Single(rows.Shown);
        Assert.Equal(0, rows.Waiting);
    }

    [Fact]
    public void An_order_that_comes_to_match_takes_its_place_by_time()
    {
        var rows = new OrderListRows(5);
        var (old, young) = (Row(1), Row(30));
        rows.Load(new OrderPage([young, old], HasNewer: false, HasOlder: false), isNewestPage: true);
        var between = Row(10);

        rows.Apply([], [between], isAtTop: true);

        Assert.Equal([young, between, old], rows.Shown);
    }

    [Fact]
    public void What_was_read_before_the_page_does_not_undo_it()
    {
        var (rows, all) = Loaded(1);
        var paid = all[0] with { Status = OrderStatus.Paid, Version = 2 };
        rows.Apply([paid], [], isAtTop: true);

        rows.Apply([all[0] with { Version = 1 }], [], isAtTop: true);

        Assert.Equal([paid], rows.Shown);
    }

    private static (OrderListRows Rows, List<OrderSummary> All) Loaded(int count)
    {
        var all = Enumerable.Range(0, count).Select(i => Row(50 - i)).ToList();
        var rows = new OrderListRows(5);
        rows.Load(new OrderPage(all, HasNewer: false, HasOlder: false), isNewestPage: true);
        return (rows, all);
    }

    private static OrderSummary Row(int minute) => new(
        Guid.CreateVersion7(Noon.AddMinutes(minute)), $"M{minute}", null, PaymentMode.Test, "茶", null, 100, OrderStatus.Pending, OrderFlags.None,
        Noon.AddMinutes(minute), Noon.AddHours(2), null, 0, null);
}
