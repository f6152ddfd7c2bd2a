using System.Net;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>What a buyer sees of a code or an address that is past its time: never the old one.</summary>
public sealed class StalePromptTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_look_at_an_old_code_brings_a_fresh_one_under_the_same_number()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        Assert.Contains("&pr=1\"", await LookAsync(buyer, order), StringComparison.Ordinal);

        shop.Clock?.Advance(Life);
        var html = await LookAsync(buyer, order);

        Assert.Contains("&pr=2\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("&pr=1\"", html, StringComparison.Ordinal);
        Assert.Single(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task Where_the_gateway_is_silent_the_old_code_is_gone_and_who_has_paid_is_told_to_wait()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await LookAsync(buyer, order);
        shop.Clock?.Advance(Life);
        shop.Gateway.OnCreate = _ => new CreateResult.Unknown("no answer");

        var html = await LookAsync(buyer, order);

        Assert.False(CheckoutShop.ShowsCode(html));
        Assert.Contains("微信支付暂未响应", html, StringComparison.Ordinal);
        Assert.Contains("如已扣款，请勿重复支付", html, StringComparison.Ordinal);
        Assert.DoesNotContain("未产生扣款", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_stays_open_is_told_when_its_code_is_past_its_time_and_when_a_fresh_one_is_there()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await LookAsync(buyer, order);
        var shown = await RevisionAsync(buyer, order);

        shop.Clock?.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal(shown, await RevisionAsync(buyer, order));
        shop.Clock?.Advance(TimeSpan.FromSeconds(1));
        var over = await RevisionAsync(buyer, order);
        await LookAsync(buyer, order);

        Assert.Equal(3, new[] { shown, over, await RevisionAsync(buyer, order) }.Distinct().Count());
    }

    [Fact]
    public async Task Nobody_is_led_to_an_address_that_is_past_its_time_and_a_press_fetches_a_fresh_one()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.Phone);
        var page = $"/pay/{order.CheckoutToken}";
        using var pressed = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("wechat"));
        shop.Clock?.Advance(Life);

        using var late = await buyer.GetAsync(pressed.Headers.Location);
        Assert.Equal((HttpStatusCode.SeeOther, page), (late.StatusCode, late.Headers.Location?.OriginalString));
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.Contains("请在微信支付页面完成付款", html, StringComparison.Ordinal);
        Assert.Contains("继续前往微信支付", html, StringComparison.Ordinal);
        Assert.Single(shop.Gateway.Calls, call => call.StartsWith("create", StringComparison.Ordinal));

        using var again = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("wechat"));
        Assert.Contains("&pr=2\"", WebUtility.HtmlDecode(await buyer.GetStringAsync(again.Headers.Location)), StringComparison.Ordinal);
        Assert.Single(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task Inside_WeChat_parameters_past_their_time_are_not_handed_over()
    {
        using var shop = await OpenAsync();
        shop.Gateway.OnIdentify = code => new PayerIdentity.Known($"openid-of-{code}");
        var order = await shop.PlaceOrderAsync();
        await shop.Portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(order.Id, shop.Account?.Id ?? Guid.Empty, PaymentMethod.Jsapi, OpenId: "o"), MerchantPortal.Accounts.Actor.System(shop.Store.Id), CancellationToken.None);
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        Assert.Contains("prepay_id=1", await LookAsync(buyer, order), StringComparison.Ordinal);

        shop.Clock?.Advance(Life);
        var html = await LookAsync(buyer, order);

        Assert.DoesNotContain("data-params", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/pay/{order.CheckoutToken}/identify\"", html, StringComparison.Ordinal);
    }

    private static async Task<CheckoutShop> OpenAsync()
    {
        var shop = await CheckoutShop.OpenAsync(standingClock: true);
        shop.MakePromptsGoodFor(Life);
        return shop;
    }

    private static async Task<string> LookAsync(HttpClient buyer, Order order) =>
        WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

    private static async Task<string?> RevisionAsync(HttpClient buyer, Order order)
    {
        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/status");
        return answer.Headers.ETag?.Tag;
    }
}
