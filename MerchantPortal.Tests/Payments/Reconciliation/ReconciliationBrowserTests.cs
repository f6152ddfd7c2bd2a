using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Tests.Stories;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>A merchant finds a payment whose notification was lost by the day's bill, and books it.</summary>
public sealed class ReconciliationBrowserTests
{
    [Fact]
    public async Task From_the_calendar_to_the_day_to_a_payment_that_is_booked()
    {
        await using var portal = await PortalFactory.StartAsync(configure: portal => portal
            .Set("Bootstrap:OwnerEmail", ShopKeeper.Email).Set("Bootstrap:OwnerPassword", ShopKeeper.Password).Set("Bootstrap:StoreName", "西湖茶铺"));
        var order = await ExampleHistory.SellAsync(portal, "lose");
        var account = await portal.ReadAsync(db => db.ChannelAccounts.Where(row => row.Channel == "wechat-v3").Select(row => row.Name).SingleAsync());
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(portal.Address);
        var keeper = new ShopKeeper(tab);
        await keeper.SignInAsync();
        await keeper.SpeakAsync("zh-CN");

        await tab.VisitAsync("/reconciliation");
        await tab.Page.Locator($"a.calendar-day[href$='{portal.Get<ReconciliationQueries>().Today:yyyy-MM-dd}']").ClickAsync();
        await tab.Page.Locator(".bill", new() { HasText = account }).GetByRole(AriaRole.Button, new() { Name = "立即获取" }).ClickAsync();
        await tab.Page.Locator(".difference-group a").First.ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("/reconciliation/differences/"));
        await tab.Page.GetByLabel("原因").FillAsync("通知丢失，网关确认已收款");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "查单补记" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "已补记", Exact = true })).ToBeVisibleAsync();

        Assert.Equal(OrderStatus.Paid, await portal.ReadAsync(db => db.Orders.Where(row => row.Id == order).Select(row => row.Status).SingleAsync()));
        tab.AssertClean();
    }
}
