using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>A buyer's browser in front of an order that can be paid every way; the gateways' own pages are played here.</summary>
internal sealed record CheckoutTab(CheckoutShop Shop, Browser Browser, Tab Tab, Order Order) : IAsyncDisposable
{
    private const string Script = "**/sandbox/fake/button.js*";

    public string Path => $"/pay/{Order.CheckoutToken}";

    public static async Task<CheckoutTab> OpenAsync(string userAgent, string language = "zh-CN", int width = 1280, bool dark = false, bool script = true)
    {
        var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.Methods = [PaymentMethod.Native, PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.H5, PaymentMethod.Jsapi, PaymentMethod.Button];
        shop.Gateway.OnIdentify = _ => new PayerIdentity.Known("openid");
        var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, language, width, dark, script, userAgent);
        await tab.Page.Context.RouteAsync("**/identify*", GoThroughWeChatAsync);
        await tab.Page.Context.RouteAsync("**/sandbox/fake/cashier*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<title>cashier</title>" }));
        return new CheckoutTab(shop, browser, tab, await shop.PlaceOrderAsync());
    }

    /// <summary>Presses what is called so, be it a button or a link.</summary>
    public Task PressAsync(string name) =>
        Tab.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).Or(Tab.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })).ClickAsync();

    /// <summary>The gateway's script; null when its host is gone.</summary>
    public async Task ServeScriptAsync(string? body, Task? when = null)
    {
        await Tab.Page.UnrouteAsync(Script);
        await Tab.Page.RouteAsync(Script, async route =>
        {
            await (when ?? Task.CompletedTask);
            await (body is null ? route.AbortAsync() : route.FulfillAsync(new() { ContentType = "text/javascript", Body = body }));
        });
    }

    public async Task OpenButtonAsync()
    {
        await Tab.Page.GotoAsync(Path);
        await Tab.Page.Locator("button[value=quick]").ClickAsync();
        await ListeningAsync();
    }

    /// <summary>Until the page takes presses of the gateway's button: it asks for the gateway's script last.</summary>
    public async Task ListeningAsync()
    {
        await Assertions.Expect(Tab.Page.Locator("[data-gateway-script]")).ToBeVisibleAsync();
        await Assertions.Expect(Tab.Page.Locator("head > script[src*='/sandbox/fake/button.js']")).ToBeAttachedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        Shop.Dispose();
    }

    /// <summary>WeChat sends the browser straight back with a code. A redirect cannot be caught, so what leads to it is.</summary>
    private static async Task GoThroughWeChatAsync(IRoute route)
    {
        var answer = await route.FetchAsync(new() { MaxRedirects = 0 });
        var asked = QueryHelpers.ParseQuery(new Uri(answer.Headers["location"]).Query);
        await route.FulfillAsync(new()
        {
            Status = 302,
            Headers = new Dictionary<string, string> { ["Location"] = $"{asked["redirect_uri"]}?code=C1&state={asked["state"]}" },
        });
    }
}
