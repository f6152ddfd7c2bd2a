using MerchantPortal.Orders;
using MerchantPortal.Tests.Stories;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MerchantPortal.Tests.Orders.Pages;

/// <summary>The list as somebody has it open all day: rows change under the eyes, the network comes and goes.</summary>
public sealed class LiveListBrowserTests : IAsyncLifetime
{
    /// <summary>Keeps hold of the page's web sockets, so that a test can tear them as a network would.</summary>
    private const string HoldSockets = """
        const Real = WebSocket;
        window.sockets = [];
        window.WebSocket = class extends Real {
          constructor(...given) { super(...given); window.sockets.push(this); }
        };
        """;

    private PortalFactory _portal = null!;
    private Browser _browser = null!;
    private OrderShop _shop = null!;

    public async Task InitializeAsync()
    {
        _portal = await PortalFactory.StartAsync(configure: portal => portal
            .Set("Bootstrap:OwnerEmail", ShopKeeper.Email).Set("Bootstrap:OwnerPassword", ShopKeeper.Password).Set("Bootstrap:StoreName", "西湖茶铺"));
        _browser = await Browser.StartAsync();
        _shop = await OrderShop.OfOwnerAsync(_portal);
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_down_the_page_stays_where_they_are_while_rows_change_and_come()
    {
        var orders = await FillAsync(45);
        var page = (await OpenAsync()).Page;
        var row = RowOf(page, orders[15]);
        await row.EvaluateAsync("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 300)");
        await page.WaitForFunctionAsync("() => scrollY > 200");
        var before = await row.BoundingBoxAsync();

        await _shop.PayAsync(orders[15]);
        await Expect(row).ToContainTextAsync("已支付");
        await PlaceAsync(3);
        await Expect(page.Locator(".new-rows")).ToHaveTextAsync("3 笔新订单");

        var after = await row.BoundingBoxAsync();
        Assert.InRange(Math.Abs((before?.Y ?? 0) - (after?.Y ?? -99)), 0, 1);
        await page.Locator(".new-rows").EvaluateAsync("bar => bar.click()");
        await page.WaitForFunctionAsync("() => scrollY === 0");
        await Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(48);
    }

    [Fact]
    public async Task What_was_paid_while_the_connection_was_lost_shows_when_it_is_back()
    {
        var orders = await FillAsync(2);
        var page = (await OpenAsync()).Page;
        await page.EvaluateAsync("() => { window.sameDocument = true; }");
        await page.RouteAsync("**/_blazor/negotiate**", route => route.AbortAsync());
        await page.EvaluateAsync("() => window.sockets.forEach(socket => socket.close())");
        await Expect(page.Locator(".reconnect-trying")).ToBeVisibleAsync();

        await _shop.PayAsync(orders[0]);
        await PlaceAsync(1);
        await Expect(RowOf(page, orders[0])).ToContainTextAsync("待支付");
        await page.UnrouteAsync("**/_blazor/negotiate**");

        await Expect(RowOf(page, orders[0])).ToContainTextAsync("已支付");
        await Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(3);
        await Expect(page.Locator(".reconnect-trying")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"), "The page was loaded anew.");
    }

    private async Task<IReadOnlyList<Order>> FillAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        List<Order> orders = [];
        for (var i = 0; i < count; i++)
        {
            orders.Add(await _shop.AddAsync(now.AddSeconds(-i - 1)));
        }

        return orders;
    }

    private async Task PlaceAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], 100, "茶"), _shop.Actor, CancellationToken.None);
        }
    }

    private async Task<Tab> OpenAsync()
    {
        var tab = await _browser.OpenAsync(_portal.Address);
        await tab.Page.AddInitScriptAsync(HoldSockets);
        var keeper = new ShopKeeper(tab);
        await keeper.SignInAsync();
        await tab.VisitAsync("/orders");
        await Expect(tab.Page.Locator("tr[data-row]").First).ToBeVisibleAsync();
        return tab;
    }

    private static ILocator RowOf(IPage page, Order order) => page.Locator("tr[data-row]", new() { HasText = order.Number });
}
