using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>A gateway's own window in a real browser: it comes, comes late, or never comes.</summary>
public sealed class ForeignScriptBrowserTests
{
    private const string Window = "window.BC = { click(params, events) { window.handed = (window.handed || []).concat([params]); window.events = events; } };";

    [Theory]
    [InlineData("zh-CN", 1280, false, "使用秒支付付款 ¥128.00")]
    [InlineData("en", 390, true, "Pay ¥128.00 with Quick Pay")]
    public async Task The_gateways_window_is_handed_numbers_as_numbers_and_its_answer_only_makes_us_ask(string language, int width, bool dark, string press)
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop, language, width, dark);
        await visit.ServeScriptAsync(Window);
        await visit.OpenButtonAsync();

        await visit.PressAsync(press);

        await visit.Tab.Page.WaitForFunctionAsync("() => window.handed");
        var attempt = (await visit.Shop.AttemptsAsync(visit.Order)).Last();
        Assert.Equal($"number 12800 {attempt.OutTradeNo}", await visit.Tab.Page.EvaluateAsync<string>("() => `${typeof handed[0].amount} ${handed[0].amount} ${handed[0].out_trade_no}`"));
        await visit.Tab.AssertAccessibleAsync();
        await visit.Tab.Page.EvaluateAsync("() => events.wxJsapiSuccess()");
        await Assertions.Expect(visit.Tab.Page).ToHaveURLAsync(new Regex("asked=1"));
        Assert.Equal(OrderStatus.Pending, (await visit.Shop.ReadAsync(visit.Order)).Status);
        await visit.Shop.PayAsync(visit.Order);
        await Assertions.Expect(visit.Tab.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Tab.Page.Locator("[data-gateway-script]")).ToHaveCountAsync(0);
        visit.Tab.AssertClean();
    }

    [Fact]
    public async Task A_script_that_comes_late_still_takes_the_press()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop);
        var comes = new TaskCompletionSource();
        await visit.ServeScriptAsync(Window, comes.Task);
        await visit.Tab.Page.Clock.InstallAsync();
        await visit.OpenButtonAsync();
        await visit.PressAsync("使用秒支付付款 ¥128.00");
        await visit.Tab.Page.Clock.RunForAsync(8_000);
        await Assertions.Expect(visit.Tab.Page.GetByText("支付窗口加载失败")).ToBeVisibleAsync();

        comes.SetResult();
        await Assertions.Expect(visit.Tab.Page.GetByText("支付窗口加载失败")).ToBeHiddenAsync();
        await visit.PressAsync("使用秒支付付款 ¥128.00");

        await visit.Tab.Page.WaitForFunctionAsync("() => window.handed && handed.length === 1");
    }

    [Fact]
    public async Task A_press_before_the_script_is_there_opens_the_window_once_it_is()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop);
        var comes = new TaskCompletionSource();
        await visit.ServeScriptAsync(Window, comes.Task);
        await visit.OpenButtonAsync();
        await visit.PressAsync("使用秒支付付款 ¥128.00");
        await Assertions.Expect(visit.Tab.Page.Locator("[data-gateway-script][aria-busy=true]")).ToBeVisibleAsync();

        comes.SetResult();

        await visit.Tab.Page.WaitForFunctionAsync("() => window.handed && handed.length === 1");
        await Assertions.Expect(visit.Tab.Page.Locator("[data-gateway-script][aria-busy=true]")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("window.BC = { click() { throw new Error('broken'); } };")]
    [InlineData("window.BC = { click(params, events) { events.dataError('sign'); } };")]
    public async Task A_script_that_never_works_leaves_a_message_a_retry_and_the_other_ways_to_pay(string? script)
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop);
        await visit.ServeScriptAsync(script);
        await visit.OpenButtonAsync();
        if (script is not null)
        {
            await visit.PressAsync("使用秒支付付款 ¥128.00");
        }

        await Assertions.Expect(visit.Tab.Page.Locator("[data-script-said]")).ToContainTextAsync("请重试，或更换支付方式");
        await visit.Tab.AssertAccessibleAsync();
        await visit.ServeScriptAsync(Window);
        await visit.Tab.Page.EvaluateAsync("() => { document.documentElement.dataset.old = ''; }");
        await visit.Tab.Page.GetByRole(AriaRole.Link, new() { Name = "重试" }).ClickAsync();
        await Assertions.Expect(visit.Tab.Page.Locator("html[data-old]")).ToHaveCountAsync(0);
        await visit.ListeningAsync();
        await visit.PressAsync("使用秒支付付款 ¥128.00");
        await visit.Tab.Page.WaitForFunctionAsync("() => window.handed && handed.length === 1");

        await visit.Tab.Page.GetByRole(AriaRole.Button, new() { Name = "微信支付" }).ClickAsync();
        await Assertions.Expect(visit.Tab.Page.Locator(".qr-code")).ToBeVisibleAsync();
        Assert.False(await visit.Tab.Page.EvaluateAsync<bool>("() => 'BC' in window"), "The gateway's script lives on beyond its page.");
    }
}
