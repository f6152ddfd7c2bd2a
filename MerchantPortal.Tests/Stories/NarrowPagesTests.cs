using MerchantPortal.Accounts;
using MerchantPortal.Sandbox.Trial;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Stories;

/// <summary>What stands beside something else must keep a line's width, on a phone too. With <c>PORTAL_SCREENSHOTS</c> set to a folder it keeps the pictures.</summary>
public sealed class NarrowPagesTests
{
    /// <summary>The narrowest of the elements, in px; 0 when there is none.</summary>
    private const string Narrowest = "selector => Math.min(...[...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect().width), 9999) % 9999";

    [Fact]
    public async Task An_address_and_a_text_beside_a_chip_keep_a_readable_line()
    {
        using var portal = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Bootstrap:OwnerEmail", ShopKeeper.Email).Set("Bootstrap:OwnerPassword", ShopKeeper.Password).Set("Bootstrap:StoreName", "西湖茶铺"));
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        await portal.Get<TrialAccounts>().EnsureAsync("beecloud", "BeeCloud 沙箱", new Actor(store.Id, ActorKind.Person, "", "林小姐"), CancellationToken.None);
        await using var browser = await Browser.StartAsync();
        var squeezed = new List<string>();
        foreach (var (language, width, dark) in new[] { ("zh-CN", 390, false), ("en", 390, true), ("zh-CN", 1280, true), ("en", 1280, false) })
        {
            var tab = await browser.OpenAsync(portal.Address, language, width, dark);
            var keeper = new ShopKeeper(tab);
            await keeper.SignInAsync();
            await keeper.SpeakAsync(language);
            foreach (var (path, selector, least) in new[] { ("/subscriptions", ".subscription-addresses dd", 260), ("/settings/channels/new", ".channel-choice a > span:nth-child(2)", 220) })
            {
                await tab.VisitAsync(path);
                await Assertions.Expect(tab.Page.Locator(selector).First).ToBeVisibleAsync();
                if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
                {
                    await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"narrow{path.Replace('/', '-')}.{language}.{width}.{(dark ? "dark" : "light")}.png"), FullPage = true });
                }

                var found = await tab.Page.EvaluateAsync<double>(Narrowest, selector);
                if (found < least)
                {
                    squeezed.Add($"{path} {language} {width}: {found} px");
                }
            }
        }

        Assert.Empty(squeezed);
    }
}
