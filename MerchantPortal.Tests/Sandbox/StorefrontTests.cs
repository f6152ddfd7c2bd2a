using MerchantPortal.Tests.Checkout;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>The page on which a merchant tries the payment button, opened as another site than the portal.</summary>
public sealed class StorefrontTests
{
    [Theory]
    [InlineData("zh-CN", false)]
    [InlineData("en", true)]
    public async Task The_button_pays_the_newest_test_order_once_the_page_is_allowed(string locale, bool dark)
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.PlaceOrderAsync();
        var order = await shop.PlaceOrderAsync();
        var elsewhere = new UriBuilder(shop.Portal.Address) { Host = "localhost" }.Uri;
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(elsewhere, locale, dark: dark, userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync("/sandbox/shop");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync(elsewhere.GetLeftPart(UriPartial.Authority));
        await tab.AssertAccessibleAsync();
        await ShootAsync(tab, $"storefront.{locale}");

        await shop.Portal.WriteAsync(db => db.Stores.Single().EmbedOrigins = [elsewhere.GetLeftPart(UriPartial.Authority)]);
        await tab.Page.ReloadAsync();
        await tab.Page.WaitForFunctionAsync("() => window.MerchantPortal && window.MerchantPortal.version === 1");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        await tab.Page.Locator("button[data-order]").ClickAsync();
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await ShootAsync(tab, $"storefront-open.{locale}");

        Assert.Single(await shop.Portal.ReadAsync(db => db.Attempts.AsNoTracking().Where(row => row.OrderId == order.Id).ToListAsync()));
        Assert.Equal(
            [],
            tab.TakeFaults().Where(fault => !fault.StartsWith($"foreign request: {shop.Portal.Address}", StringComparison.Ordinal)));
    }

    /// <summary>Pictures for the eye, when a folder for them is given.</summary>
    private static async Task ShootAsync(Tab tab, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }
}
