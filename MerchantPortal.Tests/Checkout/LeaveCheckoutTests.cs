using System.Net;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>To a gateway's own page and back: who may be left for, what the buyer is asked on the way back, and what that changes.</summary>
public sealed class LeaveCheckoutTests
{
    [Fact]
    public async Task A_desktop_opens_the_cashier_beside_the_page_which_then_asks_how_it_went()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";

        var before = await buyer.GetStringAsync($"{page}?method=alipay");
        Assert.Matches("<form class=\"go\" method=\"post\" action=\"[^\"]+/method\"\\s+target=\"_blank\" rel=\"noopener\">", before);
        Assert.DoesNotContain("data-after", before, StringComparison.Ordinal);
        using var answer = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay"));

        var after = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.Matches("<dialog class=\"after\" open[^>]*>", after);
        Assert.Contains("已完成支付", after, StringComparison.Ordinal);
        Assert.Contains("支付遇到问题", after, StringComparison.Ordinal);
        Assert.Contains($"action=\"{page}/check\"", after, StringComparison.Ordinal);
        Assert.Contains($"action=\"{page}/problem\"", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phone_goes_to_the_wallet_in_the_same_tab()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.Phone);

        Assert.DoesNotContain("_blank", await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeChats_own_page_is_told_our_domain_and_nothing_more_and_the_gateway_the_buyers_address()
    {
        using var shop = await CheckoutShop.OpenAsync();
        CreatePayment? created = null;
        shop.Gateway.OnCreate = request =>
        {
            created = request;
            return null;
        };
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.Phone);
        var page = $"/pay/{order.CheckoutToken}";

        using var answer = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("wechat"));
        using var leaving = await buyer.GetAsync(answer.Headers.Location);

        Assert.Equal(PaymentMethod.H5, Assert.Single(await shop.AttemptsAsync(order)).Method);
        Assert.Equal("127.0.0.1", created?.ClientIp);
        Assert.Equal("strict-origin", Assert.Single(leaving.Headers.GetValues("Referrer-Policy")));
        using var other = await buyer.GetAsync(page);
        Assert.Equal("no-referrer", Assert.Single(other.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task On_a_phone_the_code_takes_the_place_of_WeChats_page_and_gives_it_back()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(CheckoutShop.Phone);
        var page = $"/pay/{order.CheckoutToken}";
        Assert.Contains("value=\"wechat-code\"", await buyer.GetStringAsync($"{page}?method=wechat"), StringComparison.Ordinal);

        using var code = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("wechat-code"));
        var html = await buyer.GetStringAsync(code.Headers.Location);

        Assert.True(CheckoutShop.ShowsCode(html));
        Assert.Contains($"href=\"{page}?method=wechat\"", html, StringComparison.Ordinal);
        using var back = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("wechat"));
        Assert.Equal($"{page}/go", back.Headers.Location?.OriginalString);
        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Prompted], (await shop.AttemptsAsync(order)).Select(attempt => attempt.Status));
    }

    [Theory]
    [InlineData("check", "asked=1", "正在向支付宝确认到账")]
    [InlineData("problem", "problem=1", "您可以这样处理")]
    public async Task Either_answer_asks_the_gateway_once_in_three_seconds_and_decides_nothing(string answer, string said, string words)
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";
        using var chosen = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay"));
        var attempt = Assert.Single(await shop.AttemptsAsync(order));

        for (var i = 0; i < 3; i++)
        {
            using var told = await buyer.PostAsync($"{page}/{answer}", null);
            Assert.Equal($"{page}?{said}", told.Headers.Location?.OriginalString);
        }

        Assert.Single(shop.Gateway.Calls, call => call == $"query {attempt.OutTradeNo}");
        Assert.Equal((OrderStatus.Pending, AttemptStatus.Prompted), ((await shop.ReadAsync(order)).Status, Assert.Single(await shop.AttemptsAsync(order)).Status));
        Assert.Contains(words, WebUtility.HtmlDecode(await buyer.GetStringAsync($"{page}?{said}")), StringComparison.Ordinal);

        shop.Gateway.Pay(attempt.OutTradeNo);
        shop.Clock?.Advance(TimeSpan.FromSeconds(3));
        using var found = await buyer.PostAsync($"{page}/{answer}", null);
        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
        Assert.Contains("支付成功", WebUtility.HtmlDecode(await buyer.GetStringAsync(found.Headers.Location)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN", "在上方更换支付方式", "联系商家：021-5555 0100")]
    [InlineData("en", "Choose another way to pay above", "Ask the shop: 021-5555 0100")]
    public async Task A_problem_shows_what_to_do_next(string language, string other, string contact)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(language: language);
        using var chosen = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}?problem=1"));

        Assert.Contains(other, html, StringComparison.Ordinal);
        Assert.Contains(contact, html, StringComparison.Ordinal);
        Assert.Contains(order.Number, html, StringComparison.Ordinal);
        Assert.Contains("button-alipay", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-after", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_led_on_before_choosing_after_paying_or_to_another_host()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var (order, paid, led) = (await shop.PlaceOrderAsync(), await shop.PlaceOrderAsync(), await shop.PlaceOrderAsync());
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        using (await buyer.PostAsync($"/pay/{paid.CheckoutToken}/method", CheckoutShop.Choose("alipay")))
        using (await buyer.PostAsync($"/pay/{led.CheckoutToken}/method", CheckoutShop.Choose("alipay")))
        {
        }

        await shop.PayAsync(paid);
        await shop.Portal.WriteAsync(db => db.Attempts.Single(row => row.OrderId == led.Id).PromptJson =
            System.Text.Json.JsonSerializer.Serialize(PaymentPrompt.Redirect("https://gateway.fake.test.example/cashier")));

        foreach (var one in new[] { order, paid, led })
        {
            using var answer = await buyer.GetAsync($"/pay/{one.CheckoutToken}/go");
            Assert.Equal((HttpStatusCode.SeeOther, $"/pay/{one.CheckoutToken}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
    }

    [Theory]
    [InlineData(PromptKind.Form)]
    [InlineData(PromptKind.App)]
    public async Task A_prompt_that_no_page_can_show_is_not_shown(PromptKind kind)
    {
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.OnCreate = _ => new CreateResult.Prompted(new PaymentPrompt(kind, Form: "<form id=foreign></form>", Params: new Dictionary<string, string> { ["a"] = "1" }));
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay"));
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(answer.Headers.Location));

        Assert.Equal($"/pay/{order.CheckoutToken}?unclear=1", answer.Headers.Location?.OriginalString);
        Assert.Contains("支付宝暂未响应", html, StringComparison.Ordinal);
        Assert.DoesNotContain("foreign", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chosen_bank_reaches_the_gateway_and_only_one_of_the_accounts_own()
    {
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.Methods = [PaymentMethod.Page];
        shop.Gateway.Banks = ["ICBCB2C", "CMB", "XYZBANK"];
        var banks = new List<string?>();
        shop.Gateway.OnCreate = request =>
        {
            banks.Add(request.Bank);
            return null;
        };
        using var buyer = shop.Buyer();
        var order = await shop.PlaceOrderAsync();
        var page = $"/pay/{order.CheckoutToken}";
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync(page));
        Assert.Contains("value=\"ICBCB2C\" /><span>工商银行</span>", html, StringComparison.Ordinal);
        Assert.Contains("value=\"XYZBANK\" /><span>XYZBANK</span>", html, StringComparison.Ordinal);
        Assert.Contains("支付宝余额", html, StringComparison.Ordinal);

        foreach (var unknown in new[] { "ABC", "icbcb2c", "CMB ", "CMB,ICBCB2C" })
        {
            using var answer = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay", unknown));
            Assert.Equal($"{page}?bank=1", answer.Headers.Location?.OriginalString);
        }

        Assert.Empty(await shop.AttemptsAsync(order));
        Assert.Contains("请从列表中选择银行", WebUtility.HtmlDecode(await buyer.GetStringAsync($"{page}?bank=1")), StringComparison.Ordinal);
        using var chosen = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay", "CMB"));
        using var balance = await buyer.PostAsync($"/pay/{(await shop.PlaceOrderAsync()).CheckoutToken}/method", CheckoutShop.Choose("alipay", ""));
        Assert.All([chosen, balance], answer => Assert.EndsWith("/go", answer.Headers.Location?.OriginalString, StringComparison.Ordinal));
        Assert.Equal(["CMB", null], banks);
    }

    [Fact]
    public async Task Another_bank_makes_another_payment_and_the_same_one_goes_on()
    {
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.Methods = [PaymentMethod.Page];
        shop.Gateway.Banks = ["ICBCB2C", "CMB"];
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        foreach (var bank in new[] { "CMB", "CMB", "ICBCB2C", "" })
        {
            using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay", bank));
            Assert.EndsWith("/go", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }

        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Closed, AttemptStatus.Prompted], (await shop.AttemptsAsync(order)).Select(attempt => attempt.Status));
    }

    [Fact]
    public async Task A_bank_for_an_account_without_banks_is_unknown()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        using var answer = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("alipay", "CMB"));

        Assert.Equal($"/pay/{order.CheckoutToken}?bank=1", answer.Headers.Location?.OriginalString);
        Assert.Empty(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task Every_usual_bank_has_a_name_in_both_languages()
    {
        string[] usual =
        [
            "ICBCB2C", "CMB", "CCB", "ABC", "BOCB2C", "COMM", "CEBBANK", "CMBC", "SPDB", "CITIC", "GDB", "CIB", "SPABANK", "PSBC-DEBIT", "BJBANK", "SHBANK", "NBBANK", "HZCBB2C",
        ];
        using var shop = await CheckoutShop.OpenAsync();
        shop.Gateway.Methods = [PaymentMethod.Page];
        shop.Gateway.Banks = usual;
        var order = await shop.PlaceOrderAsync();
        foreach (var language in new[] { "zh-CN", "en" })
        {
            using var buyer = shop.Buyer(language: language);
            var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
            Assert.All(usual, bank => Assert.Matches($"value=\"{bank}\" /><span>(?!Bank\\.)[^<]+</span>", html));
            if (language == "zh-CN")
            {
                Assert.All(usual, bank => Assert.DoesNotContain($"<span>{bank}</span>", html, StringComparison.Ordinal));
            }
        }
    }
}
