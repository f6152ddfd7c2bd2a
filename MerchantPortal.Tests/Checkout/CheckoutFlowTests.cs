using System.Net;
using MerchantPortal.Checkout;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>What a buyer does on the page, and what becomes of it in the database and at the gateway.</summary>
public sealed class CheckoutFlowTests
{
    [Fact]
    public async Task Choosing_Alipay_closes_the_WeChat_code_at_the_gateway_and_leads_to_the_cashier()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));

        Assert.Equal((HttpStatusCode.SeeOther, $"/pay/{order.CheckoutToken}/go"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        var attempts = await shop.AttemptsAsync(order);
        var cashier = new Uri(shop.Portal.Address, $"sandbox/fake/cashier?out_trade_no={attempts[1].OutTradeNo}");
        var leaving = await buyer.GetStringAsync(answer.Headers.Location);
        Assert.Contains($"<meta http-equiv=\"refresh\" content=\"0;url={cashier}\" />", leaving, StringComparison.Ordinal);
        Assert.Contains($"href=\"{cashier}\"", leaving, StringComparison.Ordinal);
        Assert.Equal(
            [(PaymentMethod.Native, AttemptStatus.Closed), (PaymentMethod.Page, AttemptStatus.Prompted)],
            attempts.Select(attempt => (attempt.Method, attempt.Status)));
        Assert.Contains($"close {attempts[0].OutTradeNo}", shop.Gateway.Calls);
        Assert.False(CheckoutShop.ShowsCode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}")));
    }

    [Fact]
    public async Task A_phone_opens_with_Alipay_and_makes_no_attempt_before_the_buyer_presses()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.Phone);

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));
        Assert.Contains("使用支付宝付款 ¥128.00", html, StringComparison.Ordinal);
        Assert.Empty(await shop.AttemptsAsync(order));

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(PaymentMethod.Wap, Assert.Single(await shop.AttemptsAsync(order)).Method);
    }

    [Fact]
    public async Task Inside_WeChat_Alipay_is_a_guide_and_not_a_dead_button()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer($"{CheckoutShop.Phone} MicroMessenger/8.0.50");

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}?method=alipay"));

        Assert.Contains("在浏览器打开", html, StringComparison.Ordinal);
        Assert.DoesNotContain("button-alipay", html, StringComparison.Ordinal);
        using var forced = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));
        Assert.Equal($"/pay/{order.CheckoutToken}", forced.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_prompt_that_leads_to_another_host_is_not_followed()
    {
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.OnCreate = _ => new CreateResult.Prompted(PaymentPrompt.Redirect("https://gateway.fake.test.example/cashier"));
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));

        Assert.Equal($"/pay/{order.CheckoutToken}?unclear=1", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_expired_page_is_renewed_in_one_tap_with_the_old_code_closed_at_the_gateway()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";
        await buyer.GetStringAsync(page);
        shop.Clock?.Advance(PlaceOrder.DefaultLifetime);

        var expired = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.False(CheckoutShop.ShowsCode(expired));
        Assert.Contains("支付已超时", expired, StringComparison.Ordinal);
        Assert.Contains("如已付款", expired, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", expired, StringComparison.Ordinal);

        using var renewed = await buyer.PostAsync($"{page}/renew", null);

        Assert.Equal(HttpStatusCode.SeeOther, renewed.StatusCode);
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync(page)));
        var attempts = await shop.AttemptsAsync(order);
        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Prompted], attempts.Select(attempt => attempt.Status));
        Assert.Contains($"close {attempts[0].OutTradeNo}", shop.Gateway.Calls);
        Assert.True((await shop.ReadAsync(order)).ExpiresAt > shop.Clock?.GetUtcNow());
    }

    [Fact]
    public async Task Renewing_an_order_that_was_paid_in_the_meantime_finds_the_payment()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        shop.Gateway.Pay((await shop.AttemptsAsync(order)).Single().OutTradeNo);
        shop.Clock?.Advance(PlaceOrder.DefaultLifetime);

        using var renewed = await buyer.PostAsync($"/pay/{order.CheckoutToken}/renew", null);

        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
        Assert.Single(await shop.AttemptsAsync(order));
        Assert.Contains("支付成功", WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saying_I_have_paid_asks_the_gateway_once_in_three_seconds_and_changes_nothing_by_itself()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";
        await buyer.GetStringAsync(page);
        var outTradeNo = (await shop.AttemptsAsync(order)).Single().OutTradeNo;

        for (var i = 0; i < 5; i++)
        {
            using var answer = await buyer.PostAsync($"{page}/check", null);
            Assert.Equal($"{page}?asked=1", answer.Headers.Location?.OriginalString);
        }

        Assert.Equal(1, shop.Gateway.Calls.Count(call => call == $"query {outTradeNo}"));
        Assert.Equal(OrderStatus.Pending, (await shop.ReadAsync(order)).Status);
        Assert.Contains("正在向微信支付确认到账", WebUtility.HtmlDecode(await buyer.GetStringAsync($"{page}?asked=1")), StringComparison.Ordinal);

        shop.Gateway.Pay(outTradeNo);
        shop.Clock?.Advance(GatewayQuestions.Pause);
        using var again = await buyer.PostAsync($"{page}/check", null);
        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
    }

    [Theory]
    [InlineData("?trade_status=TRADE_SUCCESS&total_amount=128.00&out_trade_no=OTHER&sign=x")]
    [InlineData("?status=paid&asked=0&method=wechat&lang=en&result_code=SUCCESS")]
    public async Task A_return_with_forged_parameters_changes_nothing_and_shows_what_the_gateway_says(string forged)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        using (await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay")))
        {
        }

        var before = await shop.ReadAsync(order);
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}/return{forged}"));

        var attempt = Assert.Single(await shop.AttemptsAsync(order));
        Assert.Equal(AttemptStatus.Prompted, attempt.Status);
        Assert.Equal((before.Status, before.Version), ((await shop.ReadAsync(order)).Status, (await shop.ReadAsync(order)).Version));
        Assert.Contains("正在向支付宝确认到账", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\"", html, StringComparison.Ordinal);
        Assert.Single(shop.Gateway.Calls, call => call == $"query {attempt.OutTradeNo}");
    }

    [Fact]
    public async Task A_return_after_a_payment_whose_message_got_lost_finds_it_by_asking()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        using (await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay")))
        {
        }

        shop.Gateway.Pay((await shop.AttemptsAsync(order)).Single().OutTradeNo);
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}/return"));

        Assert.Contains("支付成功", html, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
    }

    [Fact]
    public async Task A_return_does_not_wait_long_for_a_gateway_that_is_silent()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        shop.Gateway.Answering = new TaskCompletionSource().Task;

        var answering = buyer.GetStringAsync($"/pay/{order.CheckoutToken}/return");
        while (!answering.IsCompleted)
        {
            shop.Clock?.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("正在向微信支付确认到账", WebUtility.HtmlDecode(await answering), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_leaves_a_button_to_try_again_under_the_same_number()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        shop.Gateway.OnCreate = _ => new CreateResult.Unknown("no answer");
        using var buyer = shop.Buyer();

        var unclear = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));
        Assert.Contains("微信支付暂未响应", unclear, StringComparison.Ordinal);
        Assert.Contains("重试", unclear, StringComparison.Ordinal);
        Assert.False(CheckoutShop.ShowsCode(unclear));

        shop.Gateway.OnCreate = null;
        using var again = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("wechat"));
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}")));
        Assert.Single(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task A_refusal_is_shown_and_not_repeated_by_every_look()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        shop.Gateway.OnCreate = _ => new CreateResult.Refused("NO_AUTH", "not allowed");
        using var buyer = shop.Buyer();

        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

        Assert.Contains("此订单暂时无法使用微信支付", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NO_AUTH", html, StringComparison.Ordinal);
        Assert.Single(shop.Gateway.Calls, call => call.StartsWith("create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_switch_that_the_gateway_leaves_open_keeps_the_code_and_says_so()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        shop.Gateway.OnQuery = _ => new QueryResult.Unknown("no answer");

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(answer.Headers.Location));

        Assert.Contains("暂时无法切换支付方式", html, StringComparison.Ordinal);
        Assert.True(CheckoutShop.ShowsCode(html));
        Assert.Single(await shop.AttemptsAsync(order));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_binds_the_buyer_until_it_expires_is_not_started_by_a_look_where_there_is_a_choice(bool hasChoice, bool starts)
    {
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.CanClose = false;
        shop.Gateway.Methods = hasChoice ? [PaymentMethod.Native, PaymentMethod.Page] : [PaymentMethod.Native];
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

        Assert.Equal((starts, starts), (CheckoutShop.ShowsCode(html), (await shop.AttemptsAsync(order)).Count == 1));
        Assert.Equal(hasChoice, html.Contains("前不能更换支付方式", StringComparison.Ordinal));
        using var chosen = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("wechat"));
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync(chosen.Headers.Location)));
    }
}
