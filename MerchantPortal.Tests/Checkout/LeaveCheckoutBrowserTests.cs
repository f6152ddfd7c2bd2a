using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The page that is left for a cashier, in a real browser.</summary>
public sealed class LeaveCheckoutBrowserTests
{
    [Theory]
    [InlineData("zh-CN", false, "使用支付宝付款 ¥128.00", "已完成支付")]
    [InlineData("en", true, "Pay ¥128.00 with Alipay", "I have paid")]
    public async Task Beside_the_cashier_the_page_asks_how_it_went(string language, bool dark, string press, string paid)
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop, language, dark: dark);
        await visit.Tab.Page.GotoAsync($"{visit.Path}?method=alipay");

        var cashier = await visit.Tab.Page.Context.RunAndWaitForPageAsync(() => visit.PressAsync(press));

        await Assertions.Expect(cashier).ToHaveURLAsync(new Regex("/sandbox/fake/cashier"));
        Assert.Null(await cashier.EvaluateAsync<object?>("() => window.opener"));
        var dialog = visit.Tab.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Assertions.Expect(visit.Tab.Page.Locator("dialog:modal")).ToHaveCountAsync(1);
        await visit.Tab.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = paid }).ClickAsync();
        await Assertions.Expect(visit.Tab.Page).ToHaveURLAsync(new Regex("asked=1"));
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(OrderStatus.Pending, (await visit.Shop.ReadAsync(visit.Order)).Status);

        await visit.Shop.PayAsync(visit.Order);
        await Assertions.Expect(visit.Tab.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        visit.Tab.AssertClean();
    }

    [Fact]
    public async Task The_dialogue_is_put_away_with_Escape_stays_on_the_page_and_gives_way_to_the_payment()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop, "en");
        await visit.Tab.Page.GotoAsync($"{visit.Path}?method=alipay");
        await visit.Tab.Page.Context.RunAndWaitForPageAsync(() => visit.PressAsync("Pay ¥128.00 with Alipay"));
        var dialog = visit.Tab.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Assertions.Expect(visit.Tab.Page.Locator("dialog:modal")).ToHaveCountAsync(1);

        await visit.Tab.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(visit.Tab.Page.Locator("dialog:modal")).ToHaveCountAsync(0);
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I had a problem" }).ClickAsync();
        await Assertions.Expect(visit.Tab.Page.GetByRole(AriaRole.Heading, new() { Name = "What you can do now" })).ToBeVisibleAsync();
        await visit.Tab.AssertAccessibleAsync();
        await visit.Shop.PayAsync(visit.Order);
        await Assertions.Expect(visit.Tab.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_script_the_two_answers_are_plain_forms_and_the_cashier_still_opens()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop, script: false);
        await visit.Tab.Page.GotoAsync($"{visit.Path}?method=alipay");
        var cashier = await visit.Tab.Page.Context.RunAndWaitForPageAsync(() => visit.PressAsync("使用支付宝付款 ¥128.00"));
        await Assertions.Expect(cashier).ToHaveURLAsync(new Regex("/sandbox/fake/cashier"));

        await visit.Tab.Page.GotoAsync(visit.Path);
        await visit.PressAsync("支付遇到问题");

        await Assertions.Expect(visit.Tab.Page.GetByText("您可以这样处理")).ToBeVisibleAsync();
        Assert.Single(visit.Shop.Gateway.Calls, call => call == $"query {visit.Shop.Gateway.Trades.Keys.Single()}");
    }

    [Fact]
    public async Task A_bank_is_chosen_with_the_keyboard_and_goes_along()
    {
        var banks = new List<string?>();
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Desktop, width: 390);
        visit.Shop.Gateway.Banks = ["ICBCB2C", "CMB", "CCB"];
        visit.Shop.Gateway.OnCreate = request =>
        {
            banks.Add(request.Bank);
            return null;
        };
        await visit.Tab.Page.GotoAsync($"{visit.Path}?method=alipay");
        await visit.Tab.AssertAccessibleAsync();
        await visit.Tab.Page.GetByRole(AriaRole.Radio, new() { Name = "支付宝余额" }).FocusAsync();
        await visit.Tab.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Tab.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(visit.Tab.Page.GetByRole(AriaRole.Radio, new() { Name = "招商银行" })).ToBeCheckedAsync();

        await visit.Tab.Page.Context.RunAndWaitForPageAsync(() => visit.PressAsync("使用支付宝付款 ¥128.00"));

        await Assertions.Expect(visit.Tab.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.Equal("CMB", Assert.Single(banks));
    }

    /// <summary>The chain of redirects behind a cashier's door leads to hosts that no policy can list.</summary>
    [Fact]
    public async Task A_cashier_may_lead_the_browser_on_to_other_hosts()
    {
        await using var visit = await CheckoutTab.OpenAsync(CheckoutShop.Phone, width: 390);
        var elsewhere = new UriBuilder(visit.Shop.Portal.Address) { Host = "localhost", Path = "/health/live" }.Uri;
        await visit.Tab.Page.RouteAsync("**/sandbox/fake/cashier*", route => route.FulfillAsync(new()
        {
            Status = 302,
            Headers = new Dictionary<string, string> { ["Location"] = elsewhere.AbsoluteUri },
        }));
        await visit.Tab.Page.GotoAsync(visit.Path);

        await visit.PressAsync("使用支付宝付款 ¥128.00");

        await Assertions.Expect(visit.Tab.Page).ToHaveURLAsync(elsewhere.AbsoluteUri);
    }
}
