using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The payment button on a shop's page of another origin, under the strictest policy that README promises to suffice.</summary>
public sealed class EmbedBrowserTests
{
    [Theory]
    [InlineData("zh-CN", false)]
    [InlineData("en", true)]
    public async Task The_checkout_opens_over_the_shop_and_tells_it_of_the_payment(string locale, bool dark)
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser, dark: dark, locale: locale);
        await tab.Page.ClickAsync("#pay");

        await EmbedShop.HeardAsync(tab, "ready");
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await Assertions.Expect(EmbedShop.Dialog(tab)).ToHaveAccessibleNameAsync(locale == "en" ? "Payment" : "付款");
        await FitAsync(tab);
        await tab.AssertAccessibleAsync();
        await ShootAsync(tab, $"embed-waiting.{locale}.{(dark ? "dark" : "light")}");

        await shop.Sandbox.PayAsync(await shop.ScanAsync(order));
        await EmbedShop.HeardAsync(tab, "paid");
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".state-paid")).ToBeVisibleAsync();
        await ShootAsync(tab, $"embed-paid.{locale}.{(dark ? "dark" : "light")}");
        await tab.AssertAccessibleAsync();
        await EmbedShop.Frame(tab).Locator("[data-close]").ClickAsync();
        await Assertions.Expect(EmbedShop.Dialog(tab)).ToHaveCountAsync(0);

        Assert.Equal(["ready", "status paid", "paid paid", "close paid"], await EmbedShop.HeardAsync(tab));
        tab.AssertClean();
    }

    [Fact]
    public async Task A_gateways_own_page_opens_in_a_tab_and_the_frame_learns_of_the_payment()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{shop.CheckoutUrl(order)}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser);
        await tab.Page.ClickAsync("#pay");
        var frame = EmbedShop.Frame(tab);
        await frame.Locator("a.tab", new() { HasText = "支付宝" }).ClickAsync();

        var cashier = await tab.Page.Context.RunAndWaitForPageAsync(() => frame.Locator(".button-alipay").ClickAsync());
        await Assertions.Expect(cashier).ToHaveURLAsync(new Regex("/sandbox/cashier/"));
        await cashier.Locator(".sb-button-pay").ClickAsync();

        await EmbedShop.HeardAsync(tab, "paid");
        await Assertions.Expect(cashier).ToHaveURLAsync(new Regex($"/pay/{order.CheckoutToken}/return"));
        await Assertions.Expect(cashier.Locator("[data-checkout]")).ToBeVisibleAsync();
        Assert.Equal("null", await cashier.EvaluateAsync<string>("() => String(window.opener)"));
    }

    [Fact]
    public async Task Escape_closes_it_from_inside_and_outside_and_gives_focus_and_scrolling_back()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<p>茶</p><button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser);
        for (var turn = 0; turn < 2; turn++)
        {
            await tab.Page.FocusAsync("#pay");
            await tab.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
            Assert.Equal("hidden", await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).overflow"));
            Assert.True(await tab.Page.EvaluateAsync<bool>("() => document.querySelector('merchant-portal-checkout').shadowRoot.activeElement !== null"));
            if (turn == 1)
            {
                await EmbedShop.Frame(tab).Locator("summary").First.FocusAsync();
            }

            await tab.Page.Keyboard.PressAsync("Escape");

            await Assertions.Expect(EmbedShop.Dialog(tab)).ToHaveCountAsync(0);
            await Assertions.Expect(tab.Page.Locator("#pay")).ToBeFocusedAsync();
            Assert.Equal("visible", await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).overflow"));
        }

        Assert.Equal(["ready", "close pending", "ready", "close pending"], await EmbedShop.HeardAsync(tab));
        tab.AssertClean();
    }

    [Fact]
    public async Task A_shop_that_is_not_allowed_sees_nothing_and_the_buyer_gets_a_link()
    {
        await using var shop = await EmbedShop.OpenAsync(isAllowed: false);
        await shop.AllowAsync("https://elsewhere.example");
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser);
        await tab.Page.ClickAsync("#pay");
        await EmbedShop.HeardAsync(tab, "blocked");

        await Assertions.Expect(tab.Page.Locator("merchant-portal-checkout iframe")).ToBeHiddenAsync();
        await Assertions.Expect(EmbedShop.Frame(tab).Locator("[data-checkout]")).ToHaveCountAsync(0);
        await tab.AssertAccessibleAsync();
        await ShootAsync(tab, "embed-blocked.zh-CN.light");
        var own = await tab.Page.Context.RunAndWaitForPageAsync(() => EmbedShop.Dialog(tab).Locator("a").ClickAsync());
        await Assertions.Expect(own.Locator(".qr-code")).ToBeVisibleAsync();
        Assert.Equal(shop.CheckoutUrl(order), own.Url);
        Assert.Equal(["blocked"], await EmbedShop.HeardAsync(tab));
    }

    [Fact]
    public async Task Words_of_the_wrong_origin_or_the_wrong_frame_are_not_heard()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        var paid = await shop.Sandbox.StartAsync();
        await shop.Sandbox.PayAsync(paid);
        var policy = $"default-src 'none'; script-src 'self' {shop.PortalOrigin}; frame-src 'self' {shop.PortalOrigin}";
        shop.Put("/liar.js", "parent.postMessage({ merchantPortal: 1, type: 'status', status: 'paid' }, '*'); parent.postMessage({ merchantPortal: 1, type: 'close' }, '*'); parent.lied = true;", "text/javascript");
        shop.Put("/liar", "<!DOCTYPE html><title>x</title><script src=\"/liar.js\"></script>", policy: policy);
        var origin = Uri.EscapeDataString(shop.Address.GetLeftPart(UriPartial.Authority));
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"), policy: policy);
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser);
        await tab.Page.ClickAsync("#pay");
        await EmbedShop.HeardAsync(tab, "ready");
        await tab.Page.EvaluateAsync("() => { window.all = []; addEventListener('message', (event) => window.all.push(event.origin + ' ' + event.data.type)); }");

        // The shop's own window; another frame of the portal's, about a paid order; the dialog's frame, led elsewhere.
        await tab.Page.EvaluateAsync("() => postMessage({ merchantPortal: 1, type: 'status', status: 'paid' }, '*')");
        await tab.Page.EvaluateAsync("(src) => document.querySelector('main').append(Object.assign(document.createElement('iframe'), { title: 'x', src }))",
            $"{shop.PortalOrigin}/pay/{paid.Order.CheckoutToken}?embed=1&origin={origin}");
        await tab.Page.WaitForFunctionAsync("(origin) => window.all.includes(origin + ' status')", shop.PortalOrigin);
        await tab.Page.EvaluateAsync("() => { document.querySelector('merchant-portal-checkout').shadowRoot.querySelector('iframe').src = '/liar'; }");
        await tab.Page.WaitForFunctionAsync("(origin) => window.lied && window.all.includes(origin + ' close')", shop.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(["ready"], await EmbedShop.HeardAsync(tab));
        await Assertions.Expect(EmbedShop.Dialog(tab)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pressed_or_called_before_the_script_has_come_it_opens_when_it_does()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/stub.js", await EmbedShop.ReadmeStubAsync(), "text/javascript");
        shop.Put("/", shop.PageWith($"<form action=\"/nowhere\"><button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button></form>", "<script src=\"/stub.js\"></script>"),
            policy: $"default-src 'none'; script-src 'self' {shop.PortalOrigin}; frame-src {shop.PortalOrigin}");
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Address, userAgent: CheckoutShop.Desktop);
        var arrives = new TaskCompletionSource();
        await tab.Page.RouteAsync("**/embed/checkout.js", async route =>
        {
            await arrives.Task;
            await route.ContinueAsync();
        });
        await tab.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.ClickAsync("#pay");
        await tab.Page.ClickAsync("#pay");
        await tab.Page.EvaluateAsync("(order) => { MerchantPortal.checkout({ order, onPaid() {} }).then((result) => { window.result = result; }); }", order.CheckoutToken);

        arrives.SetResult();

        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await Assertions.Expect(EmbedShop.Dialog(tab)).ToHaveCountAsync(1);
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.WaitForFunctionAsync("() => window.result && window.result.status === 'pending'");
        Assert.Equal("/", new Uri(tab.Page.Url).AbsolutePath);
        tab.AssertClean();
    }

    [Fact]
    public async Task A_script_opens_it_is_told_by_its_functions_and_closes_it()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var (first, second) = (await shop.Sandbox.PlaceOrderAsync(), await shop.Sandbox.PlaceOrderAsync());
        shop.Put("/", shop.PageWith("<p>茶</p>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser);
        await tab.Page.EvaluateAsync("""
            ([first, second]) => {
              window.log = [];
              const options = (order) => ({
                order,
                onEvent: (event) => event.type !== 'resize' && window.log.push(event.type),
                onPaid: (event) => window.log.push('onPaid ' + event.order),
                onClose: (event) => window.log.push('onClose ' + event.status),
              });
              MerchantPortal.checkout(options(first));
              window.payment = MerchantPortal.checkout(options(second));
              MerchantPortal.checkout({ order: 'https://evil.example/pay/AAAAAAAAAAAAAAAAAAAAAA' }).catch((error) => window.log.push(error.name));
            }
            """, new[] { shop.CheckoutUrl(first), second.CheckoutToken });
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await shop.Sandbox.PayAsync(await shop.ScanAsync(second));
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".state-paid")).ToBeVisibleAsync();

        var result = await tab.Page.EvaluateAsync<string>("async () => { payment.close(); return JSON.stringify(await payment); }");

        Assert.Equal($$"""{"order":"{{second.CheckoutToken}}","status":"paid"}""", result);
        Assert.Equal(
            ["close", "onClose pending", "TypeError", "ready", "status", "paid", $"onPaid {second.CheckoutToken}", "close", "onClose paid"],
            await tab.Page.EvaluateAsync<string[]>("() => window.log"));
        Assert.Equal("visible", await tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).overflow"));
        tab.AssertClean();
    }

    [Fact]
    public async Task A_link_works_without_script_with_it_and_when_it_was_added_late()
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<a id=\"pay\" href=\"{shop.CheckoutUrl(order)}\" data-order>付款</a><a id=\"other\" href=\"/terms\" data-order>条款</a>"));
        shop.Put("/terms", "<!DOCTYPE html><title>条款</title>");
        await using var browser = await Browser.StartAsync();
        var plain = await browser.OpenAsync(shop.Address, script: false, userAgent: CheckoutShop.Desktop);
        await plain.Page.GotoAsync("/");
        await plain.Page.ClickAsync("#pay");
        await Assertions.Expect(plain.Page).ToHaveURLAsync(shop.CheckoutUrl(order));

        var tab = await shop.VisitAsync(browser);
        await tab.Page.EvaluateAsync("() => { const late = document.getElementById('pay').cloneNode(true); late.id = 'late'; document.querySelector('main').append(late); }");
        await tab.Page.ClickAsync("#late");
        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.Page.ClickAsync("#other");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("/terms$"));
    }

    [Theory]
    [InlineData(390, CheckoutShop.Phone)]
    [InlineData(1280, CheckoutShop.Desktop + " MicroMessenger/8.0.50 WindowsWechat")]
    [InlineData(1280, CheckoutShop.Desktop + " AlipayClient/10.5")]
    public async Task On_a_phone_and_inside_a_wallet_the_checkout_takes_the_whole_page(int width, string userAgent)
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser, width: width, userAgent: userAgent);

        await tab.Page.ClickAsync("#pay");

        await Assertions.Expect(tab.Page).ToHaveURLAsync(shop.CheckoutUrl(order));
        await Assertions.Expect(tab.Page.Locator("[data-checkout]")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task On_a_narrow_or_low_screen_with_a_mouse_the_dialog_stays_inside(int width)
    {
        await using var shop = await EmbedShop.OpenAsync();
        var order = await shop.Sandbox.PlaceOrderAsync();
        shop.Put("/", shop.PageWith($"<button id=\"pay\" data-order=\"{order.CheckoutToken}\">付款</button>"));
        await using var browser = await Browser.StartAsync();
        var tab = await shop.VisitAsync(browser, dark: true);
        await tab.Page.SetViewportSizeAsync(width, 480);

        await tab.Page.ClickAsync("#pay");

        await Assertions.Expect(EmbedShop.Frame(tab).Locator(".qr-code")).ToBeVisibleAsync();
        await ShootAsync(tab, $"embed-low.zh-CN.dark.{width}");
        await tab.AssertAccessibleAsync();
        var box = await EmbedShop.Dialog(tab).BoundingBoxAsync() ?? throw new InvalidOperationException("No dialog.");
        Assert.True(box is { X: >= 0, Y: >= 0 } && box.X + box.Width <= width && box.Y + box.Height <= 480, $"{box.X} {box.Y} {box.Width} {box.Height}");
        await EmbedShop.Dialog(tab).Locator("header button").ClickAsync();
        await Assertions.Expect(EmbedShop.Dialog(tab)).ToHaveCountAsync(0);
    }

    /// <summary>The frame becomes as high as what it shows: nothing to scroll on a usual screen.</summary>
    private static async Task FitAsync(Tab tab)
    {
        var frame = await tab.Page.Locator("merchant-portal-checkout iframe").ElementHandleAsync();
        var inside = await frame.ContentFrameAsync() ?? throw new InvalidOperationException("No frame.");
        await inside.WaitForFunctionAsync("() => Math.abs(document.body.getBoundingClientRect().height - innerHeight) < 2");
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
