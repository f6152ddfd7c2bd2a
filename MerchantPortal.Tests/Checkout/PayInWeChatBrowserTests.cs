using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>What the page's script does with WeChat's bridge, in a real browser.</summary>
public sealed class PayInWeChatBrowserTests
{
    /// <summary>What WeChat's browser puts into a page; it keeps what it was handed and answers as the test says.</summary>
    private const string Bridge = """
        window.handed = [];
        window.WeixinJSBridge = { invoke(name, params, done) { window.handed.push([name, params]); setTimeout(() => done({ err_msg: 'get_brand_wcpay_request:ANSWER' }), 0); } };
        """;

    [Fact]
    public async Task Inside_WeChat_one_press_pays_and_the_answer_of_WeChats_browser_only_makes_us_ask()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.InWeChat, width: 390);
        await visit.Tab.Page.AddInitScriptAsync(Bridge.Replace("ANSWER", "ok", StringComparison.Ordinal));
        await visit.Tab.Page.GotoAsync(visit.Path);

        await visit.PressAsync("使用微信支付付款 ¥128.00");

        await Assertions.Expect(visit.Tab.Page.GetByText("正在向微信支付确认到账")).ToBeVisibleAsync();
        var attempt = Assert.Single(await visit.Shop.AttemptsAsync(visit.Order));
        Assert.Equal($"getBrandWCPayRequest prepay_id={attempt.OutTradeNo}", await visit.Tab.Page.EvaluateAsync<string>("() => handed.map(([name, params]) => name + ' ' + params.package).join()"));
        Assert.Equal(OrderStatus.Pending, (await visit.Shop.ReadAsync(visit.Order)).Status);
        await Assertions.Expect(visit.Tab.Page).Not.ToHaveURLAsync(new Regex("#pay"));

        await visit.Shop.PayAsync(visit.Order);
        await Assertions.Expect(visit.Tab.Page.GetByRole(AriaRole.Heading, new() { Name = "支付成功" })).ToBeVisibleAsync();
        visit.Tab.AssertClean();
    }

    [Theory]
    [InlineData("cancel", "您已取消支付")]
    [InlineData("fail", "微信未能完成支付")]
    [InlineData("", "微信未能完成支付")]
    public async Task A_payment_that_WeChats_browser_breaks_off_is_said_and_can_be_tried_again(string answer, string words)
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.InWeChat, width: 390);
        await visit.Tab.Page.AddInitScriptAsync(Bridge.Replace("ANSWER", answer, StringComparison.Ordinal));
        await visit.Tab.Page.GotoAsync(visit.Path);
        await visit.PressAsync("使用微信支付付款 ¥128.00");
        await Assertions.Expect(visit.Tab.Page.GetByText(words)).ToBeVisibleAsync();
        await visit.Tab.AssertAccessibleAsync();

        await visit.PressAsync("使用微信支付付款 ¥128.00");

        await visit.Tab.Page.WaitForFunctionAsync("() => handed.length > 1");
        await Assertions.Expect(visit.Tab.Page.GetByText(words)).ToBeVisibleAsync();
        Assert.Equal(2, await visit.Tab.Page.EvaluateAsync<int>("() => handed.length"));
        Assert.Single(visit.Shop.Gateway.Calls, call => call.StartsWith("identify", StringComparison.Ordinal));
        Assert.DoesNotContain(visit.Shop.Gateway.Calls, call => call.StartsWith("query", StringComparison.Ordinal));
        Assert.Single(await visit.Shop.AttemptsAsync(visit.Order));
        visit.Tab.AssertClean();
    }

    [Fact]
    public async Task A_bridge_that_comes_late_is_waited_for_and_one_that_never_comes_is_reported_with_the_code_as_a_way_out()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.InWeChat, width: 390);
        await visit.Tab.Page.Clock.InstallAsync();
        await visit.Tab.Page.GotoAsync(visit.Path);
        await visit.PressAsync("使用微信支付付款 ¥128.00");
        await Assertions.Expect(visit.Tab.Page.Locator("[data-inapp][aria-busy=true]")).ToBeVisibleAsync();

        await visit.Tab.Page.EvaluateAsync($"() => {{ {Bridge.Replace("ANSWER", "cancel", StringComparison.Ordinal)} document.dispatchEvent(new Event('WeixinJSBridgeReady')); }}");
        await visit.Tab.Page.Clock.RunForAsync(100);
        await Assertions.Expect(visit.Tab.Page.GetByText("您已取消支付")).ToBeVisibleAsync();

        await visit.Tab.Page.EvaluateAsync("() => { delete window.WeixinJSBridge; }");
        await visit.PressAsync("使用微信支付付款 ¥128.00");
        await visit.Tab.Page.Clock.RunForAsync(8_000);
        await Assertions.Expect(visit.Tab.Page.GetByText("未能唤起微信支付")).ToBeVisibleAsync();

        await visit.Tab.Page.GetByRole(AriaRole.Button, new() { Name = "改用二维码付款" }).ClickAsync();
        await Assertions.Expect(visit.Tab.Page.Locator(".qr-code")).ToBeVisibleAsync();
        visit.Tab.AssertClean();
    }

    [Fact]
    public async Task Who_opens_the_page_later_is_asked_for_anew()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.InWeChat, width: 390);
        await visit.Tab.Page.AddInitScriptAsync(Bridge.Replace("ANSWER", "cancel", StringComparison.Ordinal));
        await visit.Tab.Page.GotoAsync(visit.Path);
        await visit.PressAsync("使用微信支付付款 ¥128.00");
        await Assertions.Expect(visit.Tab.Page.GetByText("您已取消支付")).ToBeVisibleAsync();

        await visit.Tab.Page.ReloadAsync();
        Assert.Equal(0, await visit.Tab.Page.EvaluateAsync<int>("() => handed.length"));
        var leaving = visit.Tab.Page.WaitForRequestAsync(new Regex("/identify$"));
        await visit.PressAsync("使用微信支付付款 ¥128.00");
        await leaving;
    }
}
