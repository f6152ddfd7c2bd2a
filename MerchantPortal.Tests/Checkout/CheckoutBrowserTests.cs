using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The buyer's page in a real browser: what a phone reads from the screen, and what the script does by itself.</summary>
public sealed class CheckoutBrowserTests
{
    [Theory]
    [InlineData("", 1280, false, CheckoutShop.Desktop)]
    [InlineData("", 1280, true, CheckoutShop.Desktop)]
    [InlineData("?display=counter", 1280, true, CheckoutShop.Desktop)]
    [InlineData("", 390, true, CheckoutShop.Phone + " MicroMessenger/8.0.50")]
    public async Task A_phone_reads_the_code_off_the_screen_and_the_page_is_accessible(string query, int width, bool dark, string userAgent)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, width: width, dark: dark, userAgent: userAgent);

        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}{query}");

        Assert.Equal($"weixin://wxpay/bizpayurl?pr={(await shop.AttemptsAsync(order)).Single().OutTradeNo}", await tab.ReadQrCodeAsync());
        await tab.AssertAccessibleAsync();
        tab.AssertClean();
    }

    [Fact]
    public async Task The_page_turns_to_paid_by_itself_and_never_shows_the_code_again()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, userAgent: CheckoutShop.Desktop);
        var listening = tab.Page.WaitForRequestAsync(new Regex("/events$"));
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await listening;

        await shop.PayAsync(order);

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "支付成功" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".qr-code")).ToHaveCountAsync(0);
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator(".qr-code")).ToHaveCountAsync(0);
        await tab.AssertAccessibleAsync();
        tab.AssertClean();
    }

    [Fact]
    public async Task Where_events_do_not_come_through_the_page_polls()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, userAgent: CheckoutShop.Desktop);
        await tab.Page.RouteAsync("**/events", route => route.FulfillAsync(new() { Status = 503 }));
        var polling = tab.Page.WaitForResponseAsync(new Regex("/status$"));
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await polling;

        await shop.PayAsync(order);

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "支付成功" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_script_the_browser_refreshes_until_it_is_paid()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, script: false, userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await Assertions.Expect(tab.Page.Locator(".qr-code")).ToBeVisibleAsync();

        await shop.PayAsync(order);

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "支付成功" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task I_have_paid_and_renewing_work_in_place()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, "en", userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "I have paid" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByText("Confirming with WeChat Pay")).ToBeVisibleAsync();

        await shop.Portal.WriteAsync(db =>
        {
            db.Orders.Single(row => row.Id == order.Id).ExpiresAt = order.CreatedAt;
            db.Entry(db.Attempts.Single(row => row.OrderId == order.Id)).Property(row => row.ExpiresAt).CurrentValue = order.CreatedAt;
        });
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Renew and go on paying" }).ClickAsync();

        await Assertions.Expect(tab.Page.Locator(".qr-code")).ToBeVisibleAsync();
        Assert.Equal(2, (await shop.AttemptsAsync(order)).Count);
        tab.AssertClean();
    }

    [Fact]
    public async Task After_payment_the_browser_goes_back_to_the_shop_unless_the_buyer_stays()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var shopPage = new Uri(shop.Portal.Address, "css/checkout.css").AbsoluteUri;
        var order = await shop.PlaceOrderAsync(returnUrl: shopPage);
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, "en", userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        await shop.PayAsync(order);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Stay here" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the shop", Exact = true })).ToBeVisibleAsync();

        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(shopPage);
    }
}
