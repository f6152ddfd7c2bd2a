using System.Security.Cryptography;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Settings;

/// <summary>The settings as a person uses them, in a real browser.</summary>
public sealed class SettingsPageTests
{
    private const string Password = "a-long-Passphrase-for-tests-7";

    [Theory]
    [InlineData("zh-CN", 1280, false)]
    [InlineData("en-US", 390, true)]
    public async Task A_channel_account_is_added_checked_and_stopped(string locale, int width, bool dark)
    {
        await using var portal = await OpenPortalAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await SignInAsync(browser, portal, locale, width, dark);
        var page = tab.Page;

        await VisitAsync(tab, "/settings", $"hub-{locale}-{width}");
        await VisitAsync(tab, "/settings/channels", $"channels-empty-{locale}-{width}");
        await VisitAsync(tab, "/settings/channels/new", $"choice-{locale}-{width}");
        await VisitAsync(tab, "/settings/channels/new?channel=wechat-v3", $"wechat-{locale}-{width}");
        await VisitAsync(tab, "/settings/channels/new?channel=alipay", null);
        await page.FillAsync("#field-app_id", "123");
        await page.FillAsync("#field-app_private_key", "canary-private-key");
        await page.ClickAsync(".channel-form .button-primary");
        await Assertions.Expect(page.Locator(".channel-form .field-fault").First).ToBeVisibleAsync();
        await LookAsync(tab, $"alipay-faults-{locale}-{width}");

        await FillAlipayAsync(page);
        await Assertions.Expect(page.Locator(".pasted-ok")).ToHaveCountAsync(2);
        await page.ClickAsync(".channel-form .button-primary");
        await Assertions.Expect(page.Locator(".notice-ok")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".kept").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#field-app_private_key")).ToHaveValueAsync("");
        Assert.DoesNotContain("PRIVATE KEY", await page.ContentAsync(), StringComparison.Ordinal);
        await page.ClickAsync(".card-head .button-small");
        await Assertions.Expect(page.Locator(".checks li.check-ok, .checks li.check-bad")).ToHaveCountAsync(5);
        // A stranger's keys: everything on our side is right, and the gateway knows neither them nor the payment.
        await Assertions.Expect(page.Locator(".checks li.check-ok")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".checks li.check-bad")).ToHaveCountAsync(2);
        await LookAsync(tab, $"alipay-saved-{locale}-{width}");

        await page.ClickAsync(".button-danger");
        // The second question has a way back beside it; until it is there, a press would meet the first.
        await page.ClickAsync(".button-danger:has(+ .button)");
        await Assertions.Expect(page.Locator(".button-danger")).ToHaveCountAsync(0);
        Assert.NotNull((await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync())).DisabledAt);
        await VisitAsync(tab, "/settings/channels", $"channels-{locale}-{width}");
        tab.AssertClean();
    }

    [Theory]
    [InlineData("wechat-v2")]
    [InlineData("alipay-mapi")]
    public async Task A_channel_is_tried_with_one_click_and_passes_its_checks(string channel)
    {
        await using var portal = await OpenPortalAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await SignInAsync(browser, portal, "zh-CN", 1280, dark: false);
        var page = tab.Page;

        await VisitAsync(tab, $"/settings/channels/new?channel={channel}", $"new-{channel}");
        await Assertions.Expect(page.Locator(".legacy-limits")).ToBeVisibleAsync();
        await page.ClickAsync("#from-sandbox");
        await Assertions.Expect(page.Locator(".notice-ok")).ToBeVisibleAsync();
        await page.ClickAsync(".card-head .button-small");

        await Assertions.Expect(page.Locator(".checks li.check-ok")).ToHaveCountAsync(5);
        await LookAsync(tab, $"checked-{channel}");
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 390, false)]
    [InlineData("en-US", 1280, true)]
    public async Task A_key_is_shown_once_works_and_is_revoked(string locale, int width, bool dark)
    {
        await using var portal = await OpenPortalAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await SignInAsync(browser, portal, locale, width, dark);
        var page = tab.Page;

        await VisitAsync(tab, "/settings/api-keys", $"keys-empty-{locale}-{width}");
        await page.FillAsync("form.card input[maxlength='200']", "网店");
        await page.ClickAsync("form.card .button-primary");
        var key = await page.Locator(".key-once code").InnerTextAsync();
        await LookAsync(tab, $"keys-{locale}-{width}");
        Assert.StartsWith("mp_", key, StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync(portal, key));

        await page.ReloadAsync();
        await tab.InteractiveAsync();
        await Assertions.Expect(page.Locator("td .button-small")).ToBeVisibleAsync();
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        await page.ClickAsync("td .button-small");
        await page.ClickAsync("[role=dialog] .button-danger");
        await Assertions.Expect(page.Locator("td .button-small")).ToHaveCountAsync(0);
        Assert.Equal(401, await CallAsync(portal, key));
        tab.AssertClean();
    }

    [Fact]
    public async Task The_store_is_renamed_and_a_name_of_nothing_is_refused()
    {
        await using var portal = await OpenPortalAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await SignInAsync(browser, portal, "zh-CN", 1280, false);
        var page = tab.Page;

        await VisitAsync(tab, "/settings/store", "store-zh-CN-1280");
        await page.FillAsync(".settings-form input >> nth=0", " ");
        await page.ClickAsync(".settings-form .button-primary");
        await Assertions.Expect(page.Locator(".form-fault")).ToBeVisibleAsync();
        await page.FillAsync(".settings-form input >> nth=0", "新茶铺");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "时区" }).ClickAsync();
        await page.GetByPlaceholder("输入城市或地区").FillAsync("urumqi");
        await page.GetByRole(AriaRole.Option, new() { Name = "Asia/Urumqi" }).ClickAsync();
        await page.ClickAsync(".settings-form .button-primary");
        await Assertions.Expect(page.GetByText("店铺设置已保存")).ToBeVisibleAsync();

        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        Assert.Equal(("新茶铺", "Asia/Urumqi"), (store.Name, store.TimeZone));
        tab.AssertClean();
    }

    [Theory]
    [InlineData("zh-CN", 1280, false)]
    [InlineData("en-US", 390, true)]
    public async Task The_pages_that_may_show_the_checkout_are_named_and_a_wrong_line_is_pointed_at(string locale, int width, bool dark)
    {
        await using var portal = await OpenPortalAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await SignInAsync(browser, portal, locale, width, dark);
        var page = tab.Page;

        await VisitAsync(tab, "/settings/store", $"embed-{locale}-{width}");
        await page.FillAsync(".embed-settings textarea", "https://shop.example\nhttps://other.example/cart");
        await page.ClickAsync(".embed-settings .button-primary");
        await Assertions.Expect(page.Locator(".embed-settings .form-fault")).ToContainTextAsync("https://other.example/cart");
        await LookAsync(tab, $"embed-fault-{locale}-{width}");
        await page.FillAsync(".embed-settings textarea", "https://Shop.example/\nhttp://localhost:3000");
        await page.ClickAsync(".embed-settings .button-primary");
        await Assertions.Expect(page.Locator(".embed-settings .notice-ok")).ToBeVisibleAsync();

        await Assertions.Expect(page.Locator(".embed-settings textarea")).ToHaveValueAsync("https://shop.example\nhttp://localhost:3000");
        Assert.Equal(["https://shop.example", "http://localhost:3000"], (await portal.ReadAsync(db => db.Stores.SingleAsync())).EmbedOrigins);
        await Assertions.Expect(page.Locator(".embed-snippet").First).ToContainTextAsync($"{portal.Address}embed/checkout.js");
        tab.AssertClean();
    }

    private static Task<PortalFactory> OpenPortalAsync() => PortalFactory.StartAsync(configure: factory => factory
        .Set("Bootstrap:OwnerEmail", "owner@example.com").Set("Bootstrap:OwnerPassword", Password).Set("Bootstrap:StoreName", "茶铺"));

    private static async Task<Tab> SignInAsync(Browser browser, PortalFactory portal, string locale, int width, bool dark)
    {
        var tab = await browser.OpenAsync(portal.Address, locale, width, dark);
        await tab.Page.GotoAsync("/account/sign-in");
        await tab.Page.FillAsync("input[type=email]", "owner@example.com");
        await tab.Page.FillAsync("input[type=password]", Password);
        await tab.Page.ClickAsync("button.button-primary");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(portal.Address.AbsoluteUri);
        await tab.InteractiveAsync();
        if (locale != "zh-CN")
        {
            // A store's language comes first; a person may choose another.
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
            await Assertions.Expect(tab.Page.Locator("html[lang=en]")).ToBeAttachedAsync();
            await tab.InteractiveAsync();
        }

        return tab;
    }

    private static async Task VisitAsync(Tab tab, string path, string? picture)
    {
        await tab.VisitAsync(path);
        if (picture is not null)
        {
            await LookAsync(tab, picture);
        }
    }

    /// <summary>Nothing serious for assistive technology, nothing wider than the screen; a picture for the eye, when a folder is given.</summary>
    private static async Task LookAsync(Tab tab, string picture)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{picture}.png"), FullPage = true });
        }

        await tab.AssertAccessibleAsync();
        await Assertions.Expect(tab.Page.Locator(".page-head h1")).ToBeVisibleAsync();
        Assert.True(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{tab.Page.Url} scrolls sideways.");
    }

    private static async Task FillAlipayAsync(IPage page)
    {
        using var app = RSA.Create(2048);
        using var alipay = RSA.Create(2048);
        await page.FillAsync("#field-app_id", "2021000000000001");
        await page.FillAsync("#field-seller_id", "2088000000000001");
        await page.FillAsync("#field-app_private_key", app.ExportPkcs8PrivateKeyPem());
        await page.FillAsync("#field-alipay_public_key", alipay.ExportSubjectPublicKeyInfoPem());
    }

    private static async Task<int> CallAsync(PortalFactory portal, string key)
    {
        using var http = portal.CreateClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var response = await http.GetAsync("/api/v1/orders");
        return (int)response.StatusCode;
    }
}
