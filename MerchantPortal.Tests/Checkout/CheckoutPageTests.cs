using System.Net;
using System.Text.RegularExpressions;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>What a buyer's browser is answered, without a script and without a cookie.</summary>
public sealed class CheckoutPageTests
{
    internal const string OwnPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task A_waiting_page_without_script_shows_the_code_and_refreshes_itself()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");

        Assert.True(CheckoutShop.ShowsCode(html));
        Assert.Matches($"<noscript><meta http-equiv=\"refresh\" content=\"5;url=/pay/{order.CheckoutToken}\" ?/?></noscript>", html);
        Assert.Contains("¥128.00", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("凤凰单丛 100 g", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains(shop.Store.Name, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        var attempt = Assert.Single(await shop.AttemptsAsync(order));
        Assert.Equal((AttemptStatus.Prompted, PaymentMethod.Native), (attempt.Status, attempt.Method));
    }

    [Fact]
    public async Task A_paid_page_shows_no_code_and_asks_for_nothing_any_more()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        await shop.PayAsync(order);

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

        Assert.False(CheckoutShop.ShowsCode(html));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", html, StringComparison.Ordinal);
        Assert.Contains("支付成功", html, StringComparison.Ordinal);
        Assert.Contains(order.Number, html, StringComparison.Ordinal);
        Assert.Contains("微信支付", html, StringComparison.Ordinal);
        using var events = await buyer.GetAsync($"/pay/{order.CheckoutToken}/events");
        Assert.Equal(HttpStatusCode.NoContent, events.StatusCode);
    }

    [Fact]
    public async Task No_answer_sets_a_cookie_or_lets_anything_be_kept_framed_or_loaded_from_elsewhere()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";
        HttpResponseMessage[] answers =
        [
            await buyer.GetAsync(page),
            await buyer.GetAsync($"{page}/status"),
            await buyer.GetAsync($"{page}/return"),
            await buyer.PostAsync($"{page}/check", null),
            await buyer.PostAsync($"{page}/renew", null),
            await buyer.PostAsync($"{page}/problem", null),
            await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("alipay")),
            await buyer.GetAsync($"{page}/go"),
            await buyer.GetAsync($"{page}/identify"),
            await buyer.GetAsync($"{page}/openid?code=c&state=s"),
            await buyer.GetAsync("/pay/AAAAAAAAAAAAAAAAAAAAAA"),
            await buyer.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{page}/events"), HttpCompletionOption.ResponseHeadersRead),
        ];

        foreach (var answer in answers)
        {
            Assert.False(answer.Headers.Contains("Set-Cookie"), $"{answer.RequestMessage?.RequestUri} sets a cookie.");
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Equal(OwnPolicy, policy);
            answer.Dispose();
        }

        Assert.True(answers[0].Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task The_page_and_what_it_needs_are_three_small_answers_of_this_host()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        var needed = Regex.Matches(html, "(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)=\"(?<url>[^\"]+)\"").Select(match => match.Groups["url"].Value)
            .Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, needed.Count);
        Assert.All(needed, url => Assert.StartsWith("/", url, StringComparison.Ordinal));
        var bytes = Packed(html);
        foreach (var url in needed)
        {
            bytes += Packed(await buyer.GetStringAsync(url));
        }

        Assert.InRange(bytes, 1, 40 * 1024);
    }

    [Fact]
    public async Task An_unknown_token_gets_a_friendly_404_on_every_address()
    {
        using var shop = await CheckoutShop.OpenAsync();
        using var buyer = shop.Buyer(language: "en");
        foreach (var token in new[] { "AAAAAAAAAAAAAAAAAAAAAA", "x" })
        {
            using var page = await buyer.GetAsync($"/pay/{token}");
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
            Assert.Contains("There is no such payment page", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            foreach (var below in new[] { "status", "events", "return", "go", "identify", "openid" })
            {
                using var answer = await buyer.GetAsync($"/pay/{token}/{below}");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }

            foreach (var below in new[] { "method", "renew", "check", "problem" })
            {
                using var answer = await buyer.PostAsync($"/pay/{token}/{below}", null);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
        }
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN", "扫码付款")]
    [InlineData("en-GB,en;q=0.9,zh;q=0.1", "", "en", "tap Scan")]
    [InlineData("fr-FR,fr;q=0.9", "", "en", "tap Scan")]
    [InlineData("zh-TW", "", "zh-CN", "扫码付款")]
    [InlineData("zh-CN", "?lang=en", "en", "tap Scan")]
    [InlineData("en", "?lang=zh-CN", "zh-CN", "扫码付款")]
    [InlineData("en", "?lang=xx", "en", "tap Scan")]
    public async Task The_page_speaks_the_browsers_language_unless_the_address_says_otherwise(string accepts, string query, string language, string words)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer(language: accepts);

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}{query}"));

        Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
        Assert.Contains(words, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_first_looks_at_once_make_one_attempt()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        var gatewayAnswers = new TaskCompletionSource();
        shop.Gateway.Answering = gatewayAnswers.Task;
        using var buyer = shop.Buyer();

        var looks = Enumerable.Range(0, 4).Select(_ => buyer.GetStringAsync($"/pay/{order.CheckoutToken}")).ToList();
        await Task.WhenAny(Task.WhenAll(looks), UntilAsync(async () => (await shop.AttemptsAsync(order)).Count > 0));
        gatewayAnswers.SetResult();

        Assert.All(await Task.WhenAll(looks), html => Assert.True(CheckoutShop.ShowsCode(html)));
        Assert.Single(await shop.AttemptsAsync(order));
        Assert.Single(shop.Gateway.Trades);
    }

    [Theory]
    [InlineData("HEAD", CheckoutShop.Desktop)]
    [InlineData("GET", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    public async Task A_look_without_a_buyer_makes_no_attempt(string method, string userAgent)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var looker = shop.Buyer(userAgent);

        using var answer = await looker.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/pay/{order.CheckoutToken}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task A_store_without_a_fitting_account_says_so_to_buyer_and_shop()
    {
        using var shop = await CheckoutShop.OpenAsync(withAccount: false);
        await shop.AddAccountAsync(PaymentMode.Live);
        var order = await shop.PlaceOrderAsync(mode: PaymentMode.Test);
        using var buyer = shop.Buyer(language: "en");

        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}"));

        Assert.Contains("The shop cannot take payments here yet", html, StringComparison.Ordinal);
        Assert.Contains("Settings → Channels", html, StringComparison.Ordinal);
        Assert.False(CheckoutShop.ShowsCode(html));
    }

    [Fact]
    public async Task What_a_shop_writes_into_a_subject_stays_text()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var placed = Assert.IsType<PlaceOrderResult.Placed>(await shop.Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], Amount: 1, Subject: "<img src=x onerror=alert(1)>"), Actor.System(shop.Store.Id), CancellationToken.None));
        using var buyer = shop.Buyer();

        var html = await buyer.GetStringAsync($"/pay/{placed.Order.CheckoutToken}");

        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", html, StringComparison.Ordinal);
    }

    private static int Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return (int)packed.Length;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Yield();
        }
    }
}
