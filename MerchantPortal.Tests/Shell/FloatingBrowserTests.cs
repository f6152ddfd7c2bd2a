using System.Text.RegularExpressions;
using MerchantPortal.Products;
using MerchantPortal.Tests.Stories;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MerchantPortal.Tests.Shell;

/// <summary>What floats above a page, as a person with a keyboard and one with a phone meet it.</summary>
public sealed class FloatingBrowserTests : IAsyncLifetime
{
    private const string FocusIsInside = "() => !!document.activeElement.closest('[role=dialog]')";

    private PortalFactory _portal = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _portal = await PortalFactory.StartAsync(configure: portal => portal
            .Set("Bootstrap:OwnerEmail", ShopKeeper.Email).Set("Bootstrap:OwnerPassword", ShopKeeper.Password).Set("Bootstrap:StoreName", "西湖茶铺"));
        _browser = await Browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task A_panel_takes_the_focus_keeps_it_and_gives_it_back()
    {
        var (tab, page) = await OpenAsync("/orders", "zh-CN", 1280, dark: false);
        // A page that has come takes the focus for its title; only after that it stays where a person puts it.
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        var opener = page.GetByRole(AriaRole.Button, new() { Name = "新建订单" }).First;
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByPlaceholder("0.00")).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "新建订单" })).ToHaveAttributeAsync("aria-modal", "true");
        for (var i = 0; i < 14; i++)
        {
            await page.Keyboard.PressAsync(i < 7 ? "Tab" : "Shift+Tab");
            Assert.True(await page.EvaluateAsync<bool>(FocusIsInside), $"The focus left the panel at step {i}.");
        }

        await LookAsync(tab, "panel-order.zh-CN.light.1280");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(opener).ToBeFocusedAsync();
        await opener.ClickAsync();
        await Expect(page.GetByPlaceholder("0.00")).ToBeFocusedAsync();
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 390, true)]
    [InlineData("en", 1280, false)]
    public async Task A_product_is_searched_and_ordered(string language, int width, bool dark)
    {
        var actor = new MerchantPortal.Accounts.Actor(
            await _portal.ReadAsync(db => db.Stores.Select(store => store.Id).SingleAsync()), MerchantPortal.Accounts.ActorKind.Person, "1", "林小姐");
        foreach (var (name, price, stock) in new (string, long, int?)[] { ("龙井 50g", 8800, 12), ("碧螺春 50g", 6600, 0), ("Oolong", 4200, null) })
        {
            await _portal.Get<SaveProduct>().ExecuteAsync(null, null, new ProductForm(name, "", price, null, stock), actor, CancellationToken.None);
        }

        var (tab, page) = await OpenAsync("/orders", language, width, dark);
        await page.Locator(".page-action .button-primary").ClickAsync();
        await page.Locator(".segments").GetByText(language == "en" ? "Product" : "商品").ClickAsync();
        await page.Locator(".pick-list").ClickAsync();
        await Expect(page.Locator(".rz-dropdown-panel [role=option]:visible")).ToHaveCountAsync(3);
        await LookAsync(tab, $"panel-products.{language}.{(dark ? "dark" : "light")}.{width}");
        await page.Locator(".rz-dropdown-filter").FillAsync("oolo");
        await Expect(page.Locator(".rz-dropdown-panel [role=option]:visible")).ToHaveCountAsync(1);
        await page.Locator(".rz-dropdown-panel [role=option]:visible").ClickAsync();
        await page.Locator(".rz-numeric input").FillAsync("2");
        await page.Locator(".panel .button-primary").ClickAsync();
        await Expect(page.Locator(".new-order-ready")).ToContainTextAsync("¥84.00");
        await LookAsync(tab, $"panel-ready.{language}.{(dark ? "dark" : "light")}.{width}");
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 1280, true)]
    [InlineData("en", 390, false)]
    public async Task Words_in_a_notice_are_text_and_a_question_can_be_left(string language, int width, bool dark)
    {
        var (tab, page) = await OpenAsync("/products", language, width, dark);
        await page.Locator(".page-action .button-primary").ClickAsync();
        await page.Locator(".panel input[maxlength='200']").FillAsync("<img src=x onerror=alert(1)>茶");
        await page.Locator(".panel input[inputmode=decimal]").FillAsync("1.00");
        await page.Locator(".panel .button-primary").ClickAsync();
        await Expect(page.Locator(".rz-notification")).ToContainTextAsync("<img src=x onerror=alert(1)>茶");
        await LookAsync(tab, $"notice.{language}.{(dark ? "dark" : "light")}.{width}");

        await tab.VisitAsync("/settings/api-keys");
        await page.FillAsync("form.card input[maxlength='200']", "网店");
        await page.ClickAsync("form.card .button-primary");
        await page.ClickAsync("td .button-small");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("网店");
        await LookAsync(tab, $"question.{language}.{(dark ? "dark" : "light")}.{width}");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator("td .button-small")).ToBeFocusedAsync();
        Assert.Null((await _portal.ReadAsync(db => db.ApiKeys.SingleAsync())).RevokedAt);
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", false)]
    [InlineData("en", true)]
    public async Task Days_are_chosen_from_a_calendar_in_the_console_s_language(string language, bool dark)
    {
        var (tab, page) = await OpenAsync("/orders?from=2026-11-03", language, 1280, dark);
        await page.GetByRole(AriaRole.Button, new() { Name = language == "en" ? "Open the calendar" : "打开日历" }).Nth(1).ClickAsync();
        await Expect(page.Locator(".rz-calendar-view:visible").First).ToBeVisibleAsync();
        await LookAsync(tab, $"calendar.{language}.{(dark ? "dark" : "light")}.1280");
        await page.Locator(".rz-calendar-view:visible td:not(.rz-calendar-other-month)").GetByText("15", new() { Exact = true }).ClickAsync();
        await page.Locator(".filters button.button").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"from=2026-11-03.*to=\d{4}-\d\d-15"));
        tab.AssertClean();
    }

    [Fact]
    public async Task A_day_counts_though_the_list_is_filtered_before_the_line_has_brought_an_answer()
    {
        var tab = await _browser.OpenAsync(_portal.Address);
        var line = await SlowLine.OfAsync(tab.Page);
        await new ShopKeeper(tab).SignInAsync();
        await tab.VisitAsync("/orders");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "打开日历" }).Nth(1).ClickAsync();
        var day = tab.Page.Locator(".rz-calendar-view:visible td:not(.rz-calendar-other-month)").GetByText("15", new() { Exact = true });
        await Expect(day).ToBeVisibleAsync();

        line.Hold();
        await day.ClickAsync();
        await tab.Page.Locator(".filters button.button").ClickAsync();
        await line.HeldSomethingAsync();
        line.LetGo();

        await Expect(tab.Page).ToHaveURLAsync(new Regex(@"to=\d{4}-\d\d-15"));
        tab.AssertClean();
    }

    private async Task<(Tab Tab, IPage Page)> OpenAsync(string path, string language, int width, bool dark)
    {
        var tab = await _browser.OpenAsync(_portal.Address, language, width, dark);
        var keeper = new ShopKeeper(tab);
        await keeper.SignInAsync();
        await keeper.SpeakAsync(language);
        await tab.VisitAsync(path);
        return (tab, tab.Page);
    }

    /// <summary>Accessible, not wider than the screen, no web font fetched; a picture for the eye, when a folder is given.</summary>
    private static async Task LookAsync(Tab tab, string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }

        Assert.True(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways.");
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("performance.getEntriesByType('resource').filter(entry => entry.name.includes('.woff')).length"));
        await tab.AssertAccessibleAsync();
    }
}
