using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace MerchantPortal.Tests.Shell;

/// <summary>The frame as a person meets it: first run, shortcuts, theme, language, on wide and narrow screens.</summary>
public sealed class FrameBrowserTests : IAsyncLifetime
{
    private PortalFactory _portal = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _portal = await PortalFactory.StartAsync();
        _browser = await Browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _portal.Dispose();
    }

    [Fact]
    public async Task An_owner_sets_up_and_finds_the_way_by_keyboard()
    {
        var tab = await _browser.OpenAsync(_portal.Address);
        var page = tab.Page;
        await page.GotoAsync($"/setup?token={_portal.Get<SetupToken>().Issue()}");
        await tab.AssertAccessibleAsync();
        await page.GetByLabel("店铺名称").FillAsync("晨光咖啡");
        await page.GetByLabel("姓名").FillAsync("林晓");
        await page.GetByLabel("邮箱").FillAsync("owner@example.com");
        await page.GetByLabel("密码").FillAsync("quiet river under the bridge");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "创建店铺和账户" }).ClickAsync();
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "概览" })).ToBeVisibleAsync();
        await SettleAsync(tab);
        await tab.AssertAccessibleAsync();

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#portal-search")).ToBeFocusedAsync();
        // A slash typed into the search box is a slash.
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#portal-search")).ToHaveValueAsync("/");
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 1280, false)]
    [InlineData("en", 390, true)]
    public async Task The_frame_is_accessible_wide_and_narrow_light_and_dark(string language, int width, bool dark)
    {
        await _portal.Get<CreateOwner>().ExecuteAsync(
            new NewOwner("晨光咖啡", "Asia/Shanghai", 0, language, "林晓", "owner@example.com", "quiet river under the bridge"), CancellationToken.None);
        var tab = await _browser.OpenAsync(_portal.Address, language, width, dark);
        var page = tab.Page;
        await page.GotoAsync("/account/sign-in");
        await tab.AssertAccessibleAsync();
        await page.Locator("[name='Input.Email']").FillAsync("owner@example.com");
        await page.Locator("[name='Input.Password']").FillAsync("quiet river under the bridge");
        await page.Keyboard.PressAsync("Enter");
        await SettleAsync(tab);
        await tab.AssertAccessibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");

        await page.Locator("[data-theme-switch]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", dark ? "light" : "dark");
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", dark ? "light" : "dark");
        await SettleAsync(tab);
        await tab.AssertAccessibleAsync();
        tab.AssertClean();
    }

    /// <summary>The circuit has taken over, and the figures are there.</summary>
    private static async Task SettleAsync(Tab tab)
    {
        await tab.InteractiveAsync();
        await Expect(tab.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("MerchantPortal"));
        await Expect(tab.Page.Locator(".figures .figure")).ToHaveCountAsync(4);
    }
}
