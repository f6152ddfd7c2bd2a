using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>What a payer and a merchant see of the sandbox, in a real browser.</summary>
public sealed class SandboxPageTests
{
    [Theory]
    [InlineData("zh-CN", 390)]
    [InlineData("en-US", 1280)]
    public async Task A_payer_pays_in_the_wallet_and_the_panel_shows_the_answer(string locale, int width)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, locale, width);

        await tab.Page.GotoAsync(trade.Wallet.AbsoluteUri);
        await ShootAsync(tab, $"wallet-{locale}-{width}");
        await tab.AssertAccessibleAsync();
        await tab.Page.Locator(".sb-button-pay").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".sb-notice-paid")).ToContainTextAsync("¥128.40");
        await tab.AssertAccessibleAsync();
        await ShootAsync(tab, $"wallet-paid-{locale}-{width}");

        await shop.QuietAsync();
        await shop.PayAsync(await shop.StartAsync("alipay", PaymentMethod.Page), "wrong_key");
        await shop.StartAsync();
        await tab.Page.GotoAsync("/sandbox");
        await Assertions.Expect(tab.Page.Locator(".sb-trade")).ToHaveCountAsync(3);
        await tab.Page.Locator("#merchants summary").ClickAsync();
        var merchant = (await shop.Portal.Get<TradeQueries>().MerchantsAsync(10, CancellationToken.None)).First(known => known.ApiV3Key.Length > 0);
        await Assertions.Expect(tab.Page.GetByText(merchant.ApiV3Key)).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync();
        await ShootAsync(tab, $"panel-{locale}-{width}");
        Assert.True(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The panel scrolls sideways.");
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 1280)]
    [InlineData("en-US", 390)]
    public async Task The_cashier_shows_a_code_that_opens_the_wallet_and_takes_the_payment(string locale, int width)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, locale, width);

        await tab.Page.GotoAsync(trade.Wallet.AbsoluteUri);
        await ShootAsync(tab, $"cashier-{locale}-{width}");
        await tab.AssertAccessibleAsync();
        tab.AssertClean();
        if (width > 600)
        {
            Assert.Equal(trade.Wallet.AbsoluteUri.Replace("/cashier/", "/wallet/", StringComparison.Ordinal), await tab.ReadQrCodeAsync());
        }

        var back = await tab.Page.RunAndWaitForRequestAsync(
            () => tab.Page.Locator(".sb-button-pay").ClickAsync(), request => request.Url.Contains("/return?", StringComparison.Ordinal));
        Assert.StartsWith(new Uri(shop.Portal.Address, $"pay/{trade.Order.CheckoutToken}/return?").AbsoluteUri, back.Url, StringComparison.Ordinal);
    }

    /// <summary>Pictures for the eye, when a folder for them is given.</summary>
    private static async Task ShootAsync(Tab tab, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
