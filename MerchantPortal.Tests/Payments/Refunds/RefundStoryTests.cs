using System.Text.RegularExpressions;
using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Tests.Stories;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Payments.Refunds;

/// <summary>A buyer has paid twice. The merchant gives the surplus back from its case, and then a part of the rest from the order.</summary>
public sealed class RefundStoryTests
{
    [Fact]
    public async Task From_a_case_to_exactly_its_money_and_from_the_order_to_a_part_of_the_rest()
    {
        await using var portal = await PortalFactory.StartAsync(configure: portal => portal
            .Set("Bootstrap:OwnerEmail", ShopKeeper.Email).Set("Bootstrap:OwnerPassword", ShopKeeper.Password).Set("Bootstrap:StoreName", "西湖茶铺"));
        await ExampleHistory.SellAsync(portal, "pay_twice");
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(portal.Address);
        var keeper = new ShopKeeper(tab);
        await keeper.SignInAsync();
        await keeper.SpeakAsync("zh-CN");

        await tab.VisitAsync("/cases");
        await tab.Page.Locator("main table a").First.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "退还这笔款…" }).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("/orders/.*[?]refund="));
        await GiveBackAsync(tab, () => tab.Page.GetByRole(AriaRole.Button, new() { Name = "全部" }).ClickAsync(), "退款 ¥128.00");
        await Assertions.Expect(tab.Page.Locator(".page-head")).Not.ToContainTextAsync("重复支付");
        await GiveBackAsync(tab, () => PartAsync(tab), "退款 ¥28.50");

        var refunds = await portal.ReadAsync(db => db.Refunds.OrderBy(row => row.Id)
            .Select(row => new { row.Amount, row.Status, db.Payments.Single(payment => payment.Id == row.PaymentId).IsSurplus }).ToListAsync());
        Assert.Equal([(12_800, RefundStatus.Succeeded, true), (2_850, RefundStatus.Succeeded, false)], refunds.Select(row => (row.Amount, row.Status, row.IsSurplus)));
        Assert.Equal((OrderStatus.PartiallyRefunded, 2_850L), await portal.ReadAsync(db => db.Orders.Where(row => row.PaidAt != null).Select(row => ValueTuple.Create(row.Status, row.RefundedAmount)).SingleAsync()));
        Assert.Equal(CaseStatus.Resolved, await portal.ReadAsync(db => db.Cases.Select(row => row.Status).SingleAsync()));
        Assert.DoesNotContain(
            await portal.ReadAsync(db => db.Timeline.Where(entry => entry.Kind == TimelineKind.RefundRequested).Select(entry => entry.DataJson).ToListAsync()),
            data => data.Contains("\"note\"", StringComparison.Ordinal));
        await portal.AssertInvariantsAsync();
        tab.AssertClean();
    }

    private static async Task PartAsync(Tab tab)
    {
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "退款", Exact = true }).ClickAsync();
        await tab.Page.Locator("input.input-amount").FillAsync("28.50");
    }

    private static async Task GiveBackAsync(Tab tab, Func<Task> choose, string button)
    {
        await choose();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = button }).DblClickAsync();
        await Assertions.Expect(tab.Page.Locator(".refund-sent")).ToContainTextAsync("已退款");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "返回订单" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".refund-sent")).ToHaveCountAsync(0);
    }
}
