using System.Net;
using System.Text.RegularExpressions;
using MerchantPortal.Checkout;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Checkout;

/// <summary>To WeChat and back, to learn who pays: what a browser inside WeChat is answered, and what a forger is.</summary>
public sealed class PayInWeChatTests
{
    [Fact]
    public async Task The_page_leads_to_WeChat_and_back_and_hands_the_browser_what_WeChat_needs()
    {
        using var shop = await OpenAsync();
        CreatePayment? created = null;
        shop.Gateway.OnCreate = request =>
        {
            created = request;
            return null;
        };
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var page = $"/pay/{order.CheckoutToken}";

        var before = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.Contains($"href=\"{page}/identify\"", before, StringComparison.Ordinal);
        Assert.DoesNotContain("data-params", before, StringComparison.Ordinal);
        Assert.Empty(await shop.AttemptsAsync(order));

        var (back, state) = await LeaveAsync(shop, buyer, order);
        Assert.Equal(new Uri(shop.Portal.Address, $"{page}/openid"), back);
        Assert.Matches("^[0-9a-z]{1,128}$", state);
        using var answer = await buyer.GetAsync($"{back.AbsolutePath}?code=GOOD&state={state}");

        Assert.Equal($"{page}#pay", answer.Headers.Location?.OriginalString);
        var attempt = Assert.Single(await shop.AttemptsAsync(order));
        Assert.Equal((PaymentMethod.Jsapi, AttemptStatus.Prompted), (attempt.Method, attempt.Status));
        Assert.Equal(("openid-of-GOOD", "127.0.0.1"), (created?.OpenId, created?.ClientIp));
        var after = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.Contains($"data-params=\"{{\"appId\":\"{FakeGateway.AppId}\",\"package\":\"prepay_id={attempt.OutTradeNo}\"}}\"", after, StringComparison.Ordinal);
        Assert.False(CheckoutShop.ShowsCode(after));
    }

    [Fact]
    public async Task The_language_of_the_address_goes_along_and_comes_back()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);

        var (back, state) = await LeaveAsync(shop, buyer, order, "?lang=en");
        using var answer = await buyer.GetAsync($"{back.PathAndQuery}&code=GOOD&state={state}");

        Assert.Equal($"/pay/{order.CheckoutToken}?lang=en#pay", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task What_was_made_for_one_payer_is_not_handed_to_another()
    {
        using var shop = await OpenAsync(standingClock: true);
        shop.Gateway.OnIdentify = code => new PayerIdentity.Known($"openid-of-{code}");
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, buyer, order);

        foreach (var payer in new[] { "A", "A", "B" })
        {
            using var answer = await buyer.GetAsync($"{back.AbsolutePath}?code={payer}&state={state}");
            Assert.EndsWith("#pay", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
            shop.Clock?.Advance(GatewayQuestions.Pause);
        }

        var attempts = await shop.AttemptsAsync(order);
        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Prompted], attempts.Select(attempt => attempt.Status));
        Assert.All(attempts, attempt => Assert.DoesNotContain("openid-of", attempt.PromptJson, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("state=")]
    [InlineData("state=0123456789abcdef")]
    [InlineData("state=not-hex")]
    [InlineData("state={state}0")]
    [InlineData("state={flipped}")]
    public async Task A_forged_state_asks_WeChat_nothing_and_starts_nothing(string forged)
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, buyer, order);
        var flipped = state[..^1] + (state[^1] == '0' ? '1' : '0');

        using var answer = await buyer.GetAsync($"{back.AbsolutePath}?code=GOOD&{forged.Replace("{state}", state, StringComparison.Ordinal).Replace("{flipped}", flipped, StringComparison.Ordinal)}");

        await AssertTurnedAwayAsync(shop, order, answer);
    }

    [Fact]
    public async Task A_state_of_another_order_is_worth_nothing()
    {
        using var shop = await OpenAsync();
        var (order, other) = (await shop.PlaceOrderAsync(), await shop.PlaceOrderAsync());
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (_, state) = await LeaveAsync(shop, buyer, other);

        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/openid?code=GOOD&state={state}");

        await AssertTurnedAwayAsync(shop, order, answer);
    }

    [Fact]
    public async Task A_state_is_good_for_ten_minutes()
    {
        using var shop = await OpenAsync(standingClock: true);
        var (order, late) = (await shop.PlaceOrderAsync(), await shop.PlaceOrderAsync());
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (_, state) = await LeaveAsync(shop, buyer, order);
        var (_, lateState) = await LeaveAsync(shop, buyer, late);

        shop.Clock?.Advance(PayerState.Lifetime - TimeSpan.FromSeconds(1));
        using var inTime = await buyer.GetAsync($"/pay/{order.CheckoutToken}/openid?code=GOOD&state={state}");
        Assert.EndsWith("#pay", inTime.Headers.Location?.OriginalString, StringComparison.Ordinal);

        shop.Clock?.Advance(TimeSpan.FromSeconds(1));
        using var tooLate = await buyer.GetAsync($"/pay/{late.CheckoutToken}/openid?code=GOOD&state={lateState}");
        Assert.Equal($"/pay/{late.CheckoutToken}?payer=1", tooLate.Headers.Location?.OriginalString);
        Assert.Empty(await shop.AttemptsAsync(late));
    }

    [Theory]
    [InlineData("code=BAD")]
    [InlineData("code=SILENT")]
    [InlineData("code=")]
    [InlineData("")]
    public async Task Where_WeChat_does_not_say_who_pays_the_buyer_is_told_and_can_use_a_code(string code)
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, buyer, order);

        using var answer = await buyer.GetAsync($"{back.AbsolutePath}?{code}&state={state}");
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(answer.Headers.Location));

        Assert.Contains("暂未获得微信授权", html, StringComparison.Ordinal);
        Assert.Empty(await shop.AttemptsAsync(order));
        using var instead = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("wechat-code"));
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync(instead.Headers.Location)));
        Assert.Equal(PaymentMethod.Native, Assert.Single(await shop.AttemptsAsync(order)).Method);
    }

    [Fact]
    public async Task WeChat_is_asked_who_pays_once_in_three_seconds()
    {
        using var shop = await OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, buyer, order);

        for (var i = 0; i < 5; i++)
        {
            using var answer = await buyer.GetAsync($"{back.AbsolutePath}?code=BAD&state={state}");
        }

        Assert.Single(shop.Gateway.Calls, call => call.StartsWith("identify", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CheckoutShop.Desktop)]
    [InlineData(CheckoutShop.Phone)]
    public async Task Outside_WeChat_nobody_is_sent_there_and_no_code_is_taken(string userAgent)
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var inside = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, inside, order);
        using var buyer = shop.Buyer(userAgent);

        using var leaving = await buyer.GetAsync($"/pay/{order.CheckoutToken}/identify");
        using var coming = await buyer.GetAsync($"{back.AbsolutePath}?code=GOOD&state={state}");

        Assert.All([leaving, coming], answer => Assert.Equal($"/pay/{order.CheckoutToken}", answer.Headers.Location?.OriginalString));
        Assert.Empty(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task A_form_cannot_start_what_needs_a_payer()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("wechat"));

        Assert.Equal($"/pay/{order.CheckoutToken}", answer.Headers.Location?.OriginalString);
        Assert.Empty(shop.Gateway.Calls);
    }

    [Fact]
    public async Task A_paid_order_sends_nobody_to_WeChat()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.InWeChat);
        var (back, state) = await LeaveAsync(shop, buyer, order);
        using (await buyer.GetAsync($"{back.AbsolutePath}?code=GOOD&state={state}"))
        {
        }

        await shop.PayAsync(order);

        using var leaving = await buyer.GetAsync($"/pay/{order.CheckoutToken}/identify");
        using var coming = await buyer.GetAsync($"{back.AbsolutePath}?code=GOOD&state={state}");
        Assert.All([leaving, coming], answer => Assert.Equal($"/pay/{order.CheckoutToken}", answer.Headers.Location?.OriginalString));
        var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        Assert.DoesNotContain("data-inapp", html, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
    }

    private static async Task<CheckoutShop> OpenAsync(bool standingClock = false)
    {
        var shop = await CheckoutShop.OpenAsync(standingClock);
        shop.Gateway.OnIdentify = code => code switch
        {
            "GOOD" => new PayerIdentity.Known("openid-of-GOOD"),
            "SILENT" => new PayerIdentity.Unknown("no answer"),
            _ => new PayerIdentity.Refused("40029", "invalid code"),
        };
        return shop;
    }

    /// <summary>Follows the page's link to WeChat's door.</summary>
    private static async Task<(Uri Back, string State)> LeaveAsync(CheckoutShop shop, HttpClient buyer, Order order, string query = "")
    {
        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/identify{query}");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var way = answer.Headers.Location ?? throw new InvalidOperationException("No address.");
        Assert.Equal(new Uri(shop.Portal.Address, "sandbox/fake/authorize").AbsolutePath, way.AbsolutePath);
        var asked = QueryHelpers.ParseQuery(way.Query);
        return (new Uri(asked["redirect_uri"].ToString()), asked["state"].ToString());
    }

    private static async Task AssertTurnedAwayAsync(CheckoutShop shop, Order order, HttpResponseMessage answer)
    {
        Assert.Equal($"/pay/{order.CheckoutToken}?payer=1", answer.Headers.Location?.OriginalString);
        Assert.Empty(await shop.AttemptsAsync(order));
        Assert.DoesNotContain(shop.Gateway.Calls, call => Regex.IsMatch(call, "^(identify|create)"));
    }
}
