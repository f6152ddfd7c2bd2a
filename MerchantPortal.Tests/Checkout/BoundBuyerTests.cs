using System.Globalization;
using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>What a gateway cannot close keeps the buyer from every other way to pay: the page says so, and until when.</summary>
public sealed class BoundBuyerTests
{
    [Theory]
    [InlineData("zh-CN", "已通过微信支付发起的付款无法撤销", "暂时无法切换")]
    [InlineData("en", "What was started with WeChat Pay cannot be cancelled", "did not go through")]
    public async Task The_page_says_from_when_another_way_is_possible_and_then_it_is(string language, string words, string vague)
    {
        using var shop = await OpenAsync(PaymentMethod.App, PaymentMethod.Page);
        var order = await shop.PlaceOrderAsync();
        await StartAsync(shop, order, PaymentMethod.App);
        using var buyer = shop.Buyer(language: language);
        var page = $"/pay/{order.CheckoutToken}";

        using var refused = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay"));
        foreach (var address in new[] { page, $"{page}?method=alipay", refused.Headers.Location?.OriginalString ?? "" })
        {
            var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(address));
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.Contains(FreeFrom(order), html, StringComparison.Ordinal);
            Assert.DoesNotContain(vague, html, StringComparison.Ordinal);
        }

        Assert.Single(await shop.AttemptsAsync(order));
        shop.Clock?.Advance(PlaceOrder.DefaultLifetime + TimeSpan.FromSeconds(119));
        using var renewed = await buyer.PostAsync($"{page}/renew", null);
        Assert.Contains(words, WebUtility.HtmlDecode(await buyer.GetStringAsync(page)), StringComparison.Ordinal);
        shop.Clock?.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(words, WebUtility.HtmlDecode(await buyer.GetStringAsync(page)), StringComparison.Ordinal);
        using var free = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay"));
        Assert.Equal($"{page}/go", free.Headers.Location?.OriginalString);
        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Prompted], (await shop.AttemptsAsync(order)).Select(attempt => attempt.Status));
    }

    [Fact]
    public async Task Advice_to_choose_another_way_is_not_given_while_there_is_none()
    {
        using var shop = await OpenAsync(PaymentMethod.Native, PaymentMethod.Page);
        var order = await shop.PlaceOrderAsync();
        await StartAsync(shop, order, PaymentMethod.Native);
        using var buyer = shop.Buyer();

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}?problem=1"));

        Assert.True(CheckoutShop.ShowsCode(html));
        Assert.Contains(FreeFrom(order), html, StringComparison.Ordinal);
        Assert.DoesNotContain("在上方更换支付方式", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_other_way_is_told_of_no_limit()
    {
        using var shop = await OpenAsync(PaymentMethod.Native);
        var order = await shop.PlaceOrderAsync();
        await StartAsync(shop, order, PaymentMethod.Native);
        using var buyer = shop.Buyer();

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

        Assert.True(CheckoutShop.ShowsCode(html));
        Assert.DoesNotContain("无法撤销", html, StringComparison.Ordinal);
    }

    /// <summary>A shop whose gateway closes nothing.</summary>
    private static async Task<CheckoutShop> OpenAsync(params PaymentMethod[] methods)
    {
        var shop = await CheckoutShop.OpenAsync(standingClock: true);
        shop.Gateway.CanClose = false;
        shop.Gateway.OnClose = _ => new CloseResult.OnlyExpires();
        shop.Gateway.Methods = methods;
        return shop;
    }

    private static async Task StartAsync(CheckoutShop shop, Order order, PaymentMethod method) => Assert.IsType<StartPaymentResult.Started>(
        await shop.Portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(order.Id, shop.Account?.Id ?? Guid.Empty, method), Actor.System(shop.Store.Id), CancellationToken.None));

    /// <summary>Two minutes after it expires, by the shop's clock: the gateway's may be that far off.</summary>
    private static string FreeFrom(Order order) =>
        order.ExpiresAt.AddMinutes(2).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
