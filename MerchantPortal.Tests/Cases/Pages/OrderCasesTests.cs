using Bunit;
using MerchantPortal.Cases;
using MerchantPortal.Cases.Pages;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Orders;
using MerchantPortal.Tests.Orders.Pages;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Cases.Pages;

public sealed class OrderCasesTests
{
    [Fact]
    public async Task A_person_takes_a_case_on_the_order_s_page_and_ends_it_with_a_reason()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await AddLateAsync(shop);
        await using var pages = new OrderPages(shop);
        var page = Open(pages, order);
        Assert.Contains("¥5.00 arrived after the order had been closed.", page.Find(".case-card").TextContent, StringComparison.Ordinal);
        Assert.Contains("Nobody looks after it", page.Find(".case-card").TextContent, StringComparison.Ordinal);

        await page.Find(".case-card button.button-small").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("小李 looks after it", page.Find(".case-card").TextContent, StringComparison.Ordinal));
        Assert.Equal("Choose how it ends first.", page.Find(".case-card .button-primary").GetAttribute("aria-description"));
        await page.Find(".case-ways input").ChangeAsync(new() { Value = "on" });
        Assert.Equal("Say why first.", page.Find(".case-card .button-primary").GetAttribute("aria-description"));
        await page.Find(".case-card .field input").InputAsync(new() { Value = "goods are on the way" });
        await page.Find(".case-card .button-primary").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".case-card")));
        Assert.Contains("Paid late: delivered", page.Find(".timeline li").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Paid late", page.Find(".page-head").TextContent, StringComparison.Ordinal);
        var ended = await shop.Portal.ReadAsync(db => db.Cases.AsNoTracking().SingleAsync());
        Assert.Equal((CaseResolution.Fulfilled, "小李", "goods are on the way"), (ended.Resolution, ended.ResolvedBy, ended.ResolutionReason));
    }

    [Fact]
    public async Task The_list_shows_a_case_with_what_to_do_and_its_panel_beside_it()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await AddLateAsync(shop);
        await using var pages = new OrderPages(shop);

        var list = pages.Open<CaseList>("/cases");

        list.WaitForAssertion(() => Assert.Contains("Deliver or refund", list.Find("table").TextContent, StringComparison.Ordinal));
        Assert.Contains(order.Number, list.Find("table").TextContent, StringComparison.Ordinal);
        Assert.Contains("¥5.00", list.Find("table").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("/cases?case=", list.Find("td a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("Nothing matches", pages.Open<CaseList>("/cases?kind=DeadCallback").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_tells_what_each_of_the_three_says_and_that_they_differ()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(TimeProvider.System.GetUtcNow(), amount: 500);
        var attempt = await shop.AddAttemptAsync(order, "alipay", AttemptStatus.Prompted);
        await shop.Portal.WriteAsync(db =>
        {
            var row = db.Attempts.Single(found => found.Id == attempt.Id);
            row.HearQuery(NotificationKind.PaymentSucceeded, order.CreatedAt);
        });
        await using var pages = new OrderPages(shop);

        var page = Open(pages, order);

        var panel = page.Find(".witness-disagree").TextContent;
        Assert.Contains("They do not agree", panel, StringComparison.Ordinal);
        Assert.Matches(@"We say\s*waiting[\s\S]*The callback said\s*none has come[\s\S]*Asked, the gateway said\s*paid", panel);
    }

    private static IRenderedComponent<OrderDetail> Open(OrderPages pages, Order order)
    {
        var page = pages.Render<OrderDetail>(parameters => parameters.Add(detail => detail.Number, order.Number));
        page.WaitForElement(".order-head");
        return page;
    }

    private static async Task<Order> AddLateAsync(OrderShop shop)
    {
        var order = await shop.AddAsync(TimeProvider.System.GetUtcNow(), OrderStatus.Paid, OrderFlags.PaidLate, amount: 500);
        await shop.Portal.WriteAsync(db => db.Cases.Add(new Case
        {
            StoreId = order.StoreId,
            Kind = CaseKind.LateMoney,
            SubjectKey = "T1",
            OrderId = order.Id,
            Amount = 500,
            DataJson = """{"amount":"¥5.00","stock":"taken"}""",
            OpenedAt = order.CreatedAt,
        }));
        return order;
    }
}
