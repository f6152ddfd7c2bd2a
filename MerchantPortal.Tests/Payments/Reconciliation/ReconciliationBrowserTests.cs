using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
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
        var order = await SellUnnoticedAsync(portal);
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

    /// <summary>The buyer has paid with WeChat Pay, and the notification was lost.</summary>
    private static async Task<Guid> SellUnnoticedAsync(PortalFactory portal)
    {
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        var owner = new Actor(store.Id, ActorKind.Person, "", "林小姐");
        await portal.Get<IEnumerable<ITryItNow>>().Single().ExecuteAsync(owner, CancellationToken.None);
        var placed = (PlaceOrderResult.Placed)await portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], 12_800, "明前龙井 50g"), owner, CancellationToken.None);
        var account = await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "wechat-v3"));
        var started = (StartPaymentResult.Started)await portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(placed.Order.Id, account.Id, PaymentMethod.Native), owner, CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        using var paid = await client.PostAsJsonAsync("sandbox/api/pay", new { out_trade_no = started.Attempt.OutTradeNo, fault = "lose" });
        paid.EnsureSuccessStatusCode();
        return placed.Order.Id;
    }
}
