using AngleSharp.Dom;
using Bunit;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Payments;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class OrderListTests
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_line_says_number_subject_amount_channel_and_status()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, OrderStatus.Paid, OrderFlags.DuplicateMoney, 128_400);
        await shop.AddAttemptAsync(order, "wechat-v3", AttemptStatus.Paid);
        await using var pages = new OrderPages(shop);

        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement("tr[data-row]");

        var row = list.Find("tr[data-row]").TextContent;
        Assert.Contains(order.Number, row, StringComparison.Ordinal);
        Assert.Contains("龙井", row, StringComparison.Ordinal);
        Assert.Contains("¥1,284.00", row, StringComparison.Ordinal);
        Assert.Contains("WeChat Pay", row, StringComparison.Ordinal);
        Assert.Contains("Duplicate payment", row, StringComparison.Ordinal);
        Assert.Equal($"/orders/{order.Number}", list.Find("a[data-open]").GetAttribute("href"));
        list.WaitForAssertion(() => Assert.Contains("1 order", Flat(list.Find(".summary-line")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payment_changes_its_line_in_place_while_somebody_looks()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now);
        await shop.AddAsync(Now.AddSeconds(1));
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForAssertion(() => Assert.Contains("Waiting", list.FindAll("tr[data-row]")[1].TextContent, StringComparison.Ordinal));

        await shop.PayAsync(order);

        list.WaitForAssertion(
            () =>
            {
                var row = list.FindAll("tr[data-row]")[1];
                Assert.Contains("Paid", row.TextContent, StringComparison.Ordinal);
                Assert.Contains("glow", row.ClassList);
                Assert.DoesNotContain("glow", list.FindAll("tr[data-row]")[0].ClassList);
            });
    }

    [Fact]
    public async Task A_change_draws_its_own_line_and_leaves_the_rest_of_the_page_alone()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now);
        var other = await shop.AddAsync(Now.AddSeconds(1));
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForAssertion(() => Assert.Contains("2 orders", Flat(list.Find(".summary-line")), StringComparison.Ordinal));
        var filters = list.FindComponent<OrderFilters>().RenderCount;
        Assert.Equal(1, LineOf(list, other).RenderCount);

        await shop.PayAsync(order);
        list.WaitForAssertion(() => Assert.Contains("Paid", LineOf(list, order).Markup, StringComparison.Ordinal));

        Assert.Equal(2, LineOf(list, order).RenderCount);
        Assert.Equal(1, LineOf(list, other).RenderCount);
        Assert.Equal(filters, list.FindComponent<OrderFilters>().RenderCount);
    }

    [Fact]
    public async Task A_line_has_no_components_of_its_own()
    {
        await using var shop = await OrderShop.OpenAsync();
        await shop.AddAttemptAsync(await shop.AddAsync(Now, OrderStatus.Paid, OrderFlags.DuplicateMoney), "wechat-v3", AttemptStatus.Paid);
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement("tr[data-row]");

        // Fifty times what a line has is kept for every list that is open.
        Assert.Empty(list.FindComponent<OrderRow>().FindComponents<IComponent>());
    }

    [Fact]
    public async Task New_orders_wait_behind_a_bar_while_the_reader_is_down_the_page()
    {
        await using var shop = await OrderShop.OpenAsync();
        await shop.AddAsync(Now.AddMinutes(-1));
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement("tr[data-row]");
        await list.InvokeAsync(() => list.FindComponent<OrderTable>().Instance.SetAtTopAsync(false));

        for (var i = 0; i < 3; i++)
        {
            await shop.Portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], 100, "茶"), shop.Actor, CancellationToken.None);
        }

        list.WaitForAssertion(() => Assert.Equal("3 new orders", list.Find(".new-rows").TextContent));
        Assert.Single(list.FindAll("tr[data-row]"));

        await list.Find(".new-rows").ClickAsync(new());
        Assert.Equal(4, list.FindAll("tr[data-row]").Count);
        Assert.Empty(list.FindAll(".new-rows"));
    }

    [Fact]
    public async Task A_store_without_orders_is_offered_its_first()
    {
        await using var shop = await OrderShop.OpenAsync();
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement(".empty");

        Assert.Contains("No order yet", list.Find(".empty").TextContent, StringComparison.Ordinal);
        await list.Find(".empty button").ClickAsync(new());

        Assert.NotNull(pages.Floating.WaitForElement(".panel form"));
    }

    [Fact]
    public async Task Filters_without_a_match_say_so_and_can_be_cleared()
    {
        await using var shop = await OrderShop.OpenAsync();
        await shop.AddAsync(Now);
        await using var pages = new OrderPages(shop);

        var list = pages.Open<OrderList>("/orders?tab=waiting&q=unknown");
        list.WaitForElement(".empty");

        Assert.Contains("No order matches", list.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("/orders?tab=waiting", list.Find(".empty a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_order_shows_its_code_and_appears_in_the_list()
    {
        await using var shop = await OrderShop.OpenAsync();
        await using var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement(".empty");
        await list.Find(".page-action .button-primary").ClickAsync(new());
        var panel = pages.Floating;
        panel.WaitForElement(".input-amount");

        await panel.Find("form.form").SubmitAsync();
        panel.WaitForAssertion(() => Assert.Contains("such as 12.34", panel.Find(".form-fault").TextContent, StringComparison.Ordinal));

        await panel.Find(".input-amount").ChangeAsync(new() { Value = "￥1,284.50" });
        await panel.Find("input[maxlength='128']").ChangeAsync(new() { Value = "春茶" });
        await panel.Find("form.form").SubmitAsync();

        panel.WaitForElement(".new-order-ready svg.qr");
        Assert.Contains("¥1,284.50", panel.Find(".new-order-ready").TextContent, StringComparison.Ordinal);
        list.WaitForAssertion(() => Assert.Contains("春茶", list.Find("tr[data-row]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaving_the_page_ends_the_following()
    {
        await using var shop = await OrderShop.OpenAsync();
        await shop.AddAsync(Now);
        var pages = new OrderPages(shop);
        var list = pages.Open<OrderList>("/orders");
        list.WaitForElement("tr[data-row]");
        list.WaitForState(() => shop.Portal.Get<OrderFeed>().Readers == 1);

        await pages.DisposeAsync();

        Assert.Equal(0, shop.Portal.Get<OrderFeed>().Readers);
    }

    private static IRenderedComponent<OrderRow> LineOf(IRenderedComponent<OrderList> list, Order order) =>
        list.FindComponents<OrderRow>().Single(line => line.Instance.Row.Id == order.Id);

    private static string Flat(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
