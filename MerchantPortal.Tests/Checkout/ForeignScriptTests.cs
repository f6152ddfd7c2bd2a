using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The one page that runs a script of a gateway's: what it allows, and that no other page does.</summary>
public sealed class ForeignScriptTests
{
    [Fact]
    public async Task The_page_with_the_button_allows_exactly_the_gateways_origin_and_every_other_answer_none()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";

        using var before = await buyer.GetAsync(page);
        using var chosen = await buyer.PostAsync($"{page}/method", CheckoutShop.Choose("quick"));
        using var with = await buyer.GetAsync(chosen.Headers.Location);
        using var other = await buyer.GetAsync($"{page}?method=wechat");
        using var status = await buyer.GetAsync($"{page}/status");
        await shop.PayAsync(order);
        using var paid = await buyer.GetAsync(page);

        var origin = shop.Portal.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(
            $"default-src 'none'; script-src 'self' {origin}; style-src 'self' {origin}; img-src 'self' {origin} data:; connect-src 'self' {origin}; "
            + $"frame-src {origin}; form-action 'self' {origin}; base-uri 'none'; frame-ancestors 'none'",
            PolicyOf(with));
        Assert.All([before, chosen, other, status, paid], answer => Assert.Equal(CheckoutPageTests.OwnPolicy, PolicyOf(answer)));
    }

    [Fact]
    public async Task The_page_has_one_button_that_hands_over_what_the_server_signed_and_no_script_of_its_own_inline()
    {
        using var shop = await OpenAsync();
        CreatePayment? created = null;
        shop.Gateway.OnCreate = request =>
        {
            created = request;
            return null;
        };
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        using var chosen = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("quick"));

        var html = await buyer.GetStringAsync(chosen.Headers.Location);

        var button = Assert.Single(Regex.Matches(html, "<button[^>]*data-gateway-script=\"(?<script>[^\"]+)\" data-params=\"(?<params>[^\"]+)\""));
        Assert.Equal(new Uri(shop.Portal.Address, "sandbox/fake/button.js?appId=1").AbsoluteUri, WebUtility.HtmlDecode(button.Groups["script"].Value));
        var handed = JsonSerializer.Deserialize<Dictionary<string, string>>(WebUtility.HtmlDecode(button.Groups["params"].Value));
        Assert.Equal(("12800", created?.OutTradeNo), (handed?["amount"], handed?["out_trade_no"]));
        Assert.Equal(new Uri(shop.Portal.Address, $"pay/{order.CheckoutToken}/return").AbsoluteUri, handed?["return_url"]);
        Assert.All(Regex.Matches(html, "<script[^>]*>[^<]*"), script => Assert.Matches("^<script src=\"/js/[a-z-]+\\.js\" defer>$", script.Value));
    }

    [Fact]
    public async Task A_script_at_another_host_is_neither_named_nor_allowed()
    {
        using var shop = await OpenAsync();
        shop.Gateway.OnCreate = request => request.Method == PaymentMethod.Button
            ? new CreateResult.Prompted(PaymentPrompt.Script("https://jspay.example.com/button.js", new Dictionary<string, string> { ["amount"] = "1" }))
            : null;
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        using var chosen = await buyer.PostAsync($"/pay/{order.CheckoutToken}/method", CheckoutShop.Choose("quick"));

        using var answer = await buyer.GetAsync(chosen.Headers.Location);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

        Assert.Equal(CheckoutPageTests.OwnPolicy, PolicyOf(answer));
        Assert.DoesNotContain("jspay.example.com", html, StringComparison.Ordinal);
        Assert.Contains("秒支付暂未响应", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_order_runs_a_script_of_the_channels_own_host_and_a_test_order_does_not()
    {
        using var shop = await OpenAsync(withAccount: false);
        shop.Gateway.BuyerPages = [new Uri("https://jspay.fake.test")];
        shop.Gateway.OnCreate = _ => new CreateResult.Prompted(PaymentPrompt.Script("https://jspay.fake.test/1/button.js", new Dictionary<string, string>()));
        shop.Gateway.Methods = [PaymentMethod.Button];
        using var buyer = shop.Buyer();
        var policies = new List<string>();
        foreach (var mode in new[] { PaymentMode.Live, PaymentMode.Test })
        {
            await shop.AddAccountAsync(mode);
            using var answer = await buyer.GetAsync($"/pay/{(await shop.PlaceOrderAsync(mode: mode)).CheckoutToken}");
            policies.Add(PolicyOf(answer));
        }

        Assert.Contains("script-src 'self' https://jspay.fake.test;", policies[0], StringComparison.Ordinal);
        Assert.Equal(CheckoutPageTests.OwnPolicy, policies[1]);
    }

    private static async Task<CheckoutShop> OpenAsync(bool withAccount = true)
    {
        var shop = await CheckoutShop.OpenAsync(withAccount: withAccount);
        shop.Gateway.Methods = [PaymentMethod.Native, PaymentMethod.Page, PaymentMethod.Button];
        return shop;
    }

    private static string PolicyOf(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
}
