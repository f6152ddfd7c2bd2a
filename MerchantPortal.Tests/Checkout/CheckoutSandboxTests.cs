using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Sandbox;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The buyer's page with the product's own channels, and the sandbox in the gateways' place.</summary>
public sealed class CheckoutSandboxTests
{
    [Fact]
    public async Task Inside_WeChat_the_way_through_WeChat_ends_with_a_signed_order_for_this_payer()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        shop.Http.DefaultRequestHeaders.UserAgent.ParseAdd(CheckoutShop.InWeChat);
        var page = $"/pay/{order.CheckoutToken}";

        using var leaving = await shop.Http.GetAsync($"{page}/identify?lang=en");
        using var atWeChat = await shop.Http.GetAsync(leaving.Headers.Location);
        using var back = await shop.Http.GetAsync(atWeChat.Headers.Location);

        Assert.Equal($"{page}?lang=en#pay", back.Headers.Location?.OriginalString);
        var html = await shop.Http.GetStringAsync(page);
        var handed = JsonSerializer.Deserialize<Dictionary<string, string>>(WebUtility.HtmlDecode(Regex.Match(html, "data-params=\"([^\"]+)\"").Groups[1].Value));
        Assert.Equal(["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"], handed?.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("prepay_id=", handed?["package"], StringComparison.Ordinal);
        var attempt = await shop.Portal.ReadAsync(db => db.Attempts.SingleAsync(row => row.OrderId == order.Id));
        Assert.Equal(PaymentMethod.Jsapi, attempt.Method);
    }

    [Fact]
    public async Task A_buyer_pays_through_the_window_of_an_aggregators_script()
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.AddAccountAsync("beecloud");
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}?method=quick");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "使用秒支付付款" }).ClickAsync();
        var button = tab.Page.Locator("[data-gateway-script]");
        await Assertions.Expect(button).ToBeVisibleAsync();
        await button.ClickAsync();
        await tab.Page.ClickAsync(".sb-button-pay");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex("/pay/"));

        await Assertions.Expect(tab.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByText("秒支付")).ToBeVisibleAsync();
        tab.AssertClean();
        await shop.Portal.AssertInvariantsAsync();
        Assert.Equal(OrderStatus.Paid, await shop.Portal.ReadAsync(db => db.Orders.Where(row => row.Id == order.Id).Select(row => row.Status).SingleAsync()));
    }
}
