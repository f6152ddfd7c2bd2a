using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Stories;

/// <summary>A merchant whose contract is on Alipay's old interface, over the HTTP API, with the sandbox as the gateway.</summary>
public sealed class MapiStoryTests
{
    [Theory]
    [InlineData("MD5", "page", "")]
    [InlineData("MD5", "page", "ICBCB2C")]
    [InlineData("RSA", "page", "PSBC-DEBIT")]
    [InlineData("RSA", "app", "")]
    public async Task An_order_is_paid(string signType, string method, string bank)
    {
        await using var shop = await MapiShop.OpenAsync(signType);
        var trade = await shop.StartAsync(method, bank);
        var cashier = await shop.ArriveAsync(trade);

        Assert.Equal(bank.Length > 0, cashier.Contains($"<span class=\"sb-code\">{bank}</span>", StringComparison.Ordinal));
        Assert.Equal("paid", await shop.PayAsync(trade));

        Assert.Equal("paid", (string?)(await shop.OrderAsync(trade))["status"]);
        var callback = await shop.NewestCallbackAsync();
        Assert.Equal(("applied", "paid"), ((string?)callback["status"], (string?)callback["reason"]));
        Assert.Contains(callback["trace"]!.AsArray(), step => (string?)step!["step"] == "confirmed" && (bool)step["ok"]!);
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("RSA")]
    public async Task Every_way_to_deceive_is_refused_and_an_honest_message_pays(string signType)
    {
        await using var shop = await MapiShop.OpenAsync(signType);
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);

        foreach (var (fault, answer, reason) in new[]
        {
            ("tamper", "fail", "rejected signature_invalid"), ("wrong_key", "fail", "rejected signature_invalid"), ("wrong_amount", "success", "quarantined amount_mismatch"),
        })
        {
            // What was refused is sent again by and by, so that the newest callback may be of the fault before.
            var paid = await shop.ControlAsync("pay", new { out_trade_no = trade.OutTradeNo, fault });
            Assert.Equal(answer, (string?)paid["trade"]!["deliveries"]![0]!["attempts"]![0]!["answer"]);
            Assert.Contains(reason, (await shop.CallbacksAsync()).Select(callback => $"{callback["status"]} {callback["reason"]}"));
            Assert.Equal("pending", (string?)(await shop.OrderAsync(trade))["status"]);
            trade = await shop.StartAsync("page");
            await shop.ArriveAsync(trade);
        }

        await shop.PayAsync(trade, "duplicate:5");
        Assert.Equal("paid", (string?)(await shop.OrderAsync(trade))["status"]);
        var copies = (await shop.CallbacksAsync()).Where(callback => (string?)callback["out_trade_no"] == trade.OutTradeNo);
        Assert.Equal(["applied", "duplicate", "duplicate", "duplicate", "duplicate"], copies.Select(callback => (string?)callback["status"]).Order(StringComparer.Ordinal));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Whoever_has_the_key_but_is_not_alipay_is_refused_by_notify_verify()
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);

        Assert.Equal("fail", await shop.NotifyAsync(trade, "T-FORGED"));

        var callback = await shop.NewestCallbackAsync();
        Assert.Equal(("rejected", "not_confirmed"), ((string?)callback["status"], (string?)callback["reason"]));
        Assert.Equal("pending", (string?)(await shop.OrderAsync(trade))["status"]);
    }

    [Fact]
    public async Task A_message_replayed_after_more_than_a_minute_is_confirmed_by_the_trade_itself()
    {
        var clock = new ShiftedTime();
        await using var shop = await MapiShop.OpenAsync("MD5", clock);
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);
        await shop.PayAsync(trade, "lose");
        await shop.ChangeKeyAsync(new string('x', 32));
        Assert.Equal("fail", await shop.NotifyAsync(trade, await shop.TradeNoAsync(trade)));
        await shop.ChangeKeyAsync(shop.Key);
        var id = (await shop.NewestCallbackAsync())["id"];

        clock.Shift = TimeSpan.FromMinutes(2);
        var replayed = (await shop.Api.PostAsync($"/callbacks/{id}/replay", """{"dry_run":false,"reason":"key mended"}""")).Must(200);

        Assert.Equal("applied", (string?)replayed["outcome"]);
        Assert.Equal("paid", (string?)(await shop.OrderAsync(trade))["status"]);
        var confirmed = Assert.Single((await shop.NewestCallbackAsync())["trace"]!.AsArray(), step => (string?)step!["step"] == "confirmed")!;
        Assert.Contains("the trade itself", (string?)confirmed["detail"], StringComparison.Ordinal);
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_message_about_a_trade_that_nobody_paid_is_refused_after_a_minute_too()
    {
        var clock = new ShiftedTime();
        await using var shop = await MapiShop.OpenAsync("MD5", clock);
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);
        await shop.NotifyAsync(trade, await shop.TradeNoAsync(trade));
        var id = (await shop.NewestCallbackAsync())["id"];

        clock.Shift = TimeSpan.FromMinutes(2);
        var replayed = (await shop.Api.PostAsync($"/callbacks/{id}/replay", """{"dry_run":false,"reason":"trying"}""")).Must(200);

        Assert.Equal("rejected", (string?)replayed["outcome"]);
        Assert.Equal("pending", (string?)(await shop.OrderAsync(trade))["status"]);
    }

    [Fact]
    public async Task A_lost_message_is_found_by_a_query_and_a_closed_order_takes_no_money()
    {
        await using var shop = await MapiShop.OpenAsync("RSA");
        var lost = await shop.StartAsync("page");
        await shop.ArriveAsync(lost);
        await shop.PayAsync(lost, "lose");
        Assert.Equal("paid", (string?)(await shop.Api.PostAsync($"/orders/{lost.Number}/query")).Must(200)["status"]);

        var closed = await shop.StartAsync("page");
        await shop.ArriveAsync(closed);
        Assert.Equal("closed", (string?)(await shop.Api.PostAsync($"/orders/{closed.Number}/close")).Must(200)["status"]);
        Assert.Equal("closed", await shop.PayAsync(closed));
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("no_signature")]
    [InlineData("wrong_key")]
    public async Task The_portal_believes_no_answer_without_the_right_signature(string fault)
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);
        await shop.PayAsync(trade, "lose");
        await shop.ControlAsync("faults", new { next_answer = fault });

        (await shop.Api.PostAsync($"/orders/{trade.Number}/query")).MustFail(502, "gateway_unclear");
    }

    [Fact]
    public async Task A_message_in_gbk_pays_and_the_browser_comes_back_with_a_signed_address_that_decides_nothing()
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        var trade = await shop.StartAsync("page");
        await shop.ArriveAsync(trade);
        await shop.PayAsync(trade, "gbk");
        Assert.Equal("paid", (string?)(await shop.OrderAsync(trade))["status"]);

        var other = await shop.StartAsync("page");
        await shop.ArriveAsync(other);
        await shop.PayAsync(other, "lose");
        var cashier = await shop.ArriveAsync(other);
        var back = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(cashier, "href=\"([^\"]*is_success=T[^\"]*)\"").Groups[1].Value);
        var told = QueryHelpers.ParseQuery(new Uri(back).Query);
        Assert.Equal((other.OutTradeNo, "TRADE_SUCCESS"), (told["out_trade_no"].ToString(), told["trade_status"].ToString()));

        // The way back may make the portal ask the gateway, but what the address says books nothing by itself.
        var forged = back.Replace(other.OutTradeNo, (await shop.StartAsync("page")).OutTradeNo, StringComparison.Ordinal);
        using var response = await shop.Api.Http.GetAsync(new Uri(forged));
        Assert.Equal(1, await shop.CountAsync("applied"));
    }

    [Fact]
    public async Task Money_given_back_at_alipay_is_recorded_whole_and_a_part_of_it_waits_for_a_person()
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        var whole = await shop.StartAsync("page");
        await shop.ArriveAsync(whole);
        await shop.PayAsync(whole);
        await shop.ControlAsync("refunds", new { out_trade_no = whole.OutTradeNo });
        Assert.Equal("refunded", (string?)(await shop.OrderAsync(whole))["status"]);

        var part = await shop.StartAsync("page");
        await shop.ArriveAsync(part);
        await shop.PayAsync(part);
        await shop.ControlAsync("refunds", new { out_trade_no = part.OutTradeNo, amount = 100 });
        var order = await shop.OrderAsync(part);
        Assert.Equal(("paid", "needs_review"), ((string?)order["status"], (string?)order["flags"]![0]));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_bank_chosen_anew_takes_the_buyer_to_that_bank()
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        var first = await shop.StartAsync("page", "ICBCB2C");
        Assert.Contains("ICBCB2C", await shop.ArriveAsync(first), StringComparison.Ordinal);

        var second = await shop.StartAsync("page", "CMB", first.Number);

        Assert.NotEqual(first.OutTradeNo, second.OutTradeNo);
        Assert.Equal("closed", await shop.PayAsync(first));
        var cashier = await shop.ArriveAsync(second);
        Assert.Contains("<span class=\"sb-code\">CMB</span>", cashier, StringComparison.Ordinal);
        (await shop.Api.PostAsync($"/orders/{first.Number}/attempts", $$"""{"channel_account_id":"{{shop.AccountId}}","method":"page","bank":"NOBANK"}"""))
            .MustFail(422, "bank_unknown");
        Assert.Equal("paid", await shop.PayAsync(second));
        Assert.Equal("paid", (string?)(await shop.OrderAsync(second))["status"]);
    }

    [Fact]
    public async Task A_buyer_chooses_a_bank_at_the_checkout_and_pays_at_the_old_cashier()
    {
        await using var shop = await MapiShop.OpenAsync("MD5");
        shop.Api.Gateway.Methods = [PaymentMethod.Native];
        await using var browser = await Browser.StartAsync();
        var order = (await shop.Api.PostAsync("/orders", """{"amount":12840,"subject":"明前龙井","mode":"test"}""")).Must(201);
        var tab = await browser.OpenAsync(shop.Api.Portal.Address);
        await tab.Page.GotoAsync($"{order["checkout_url"]}?method=alipay");
        await tab.AssertAccessibleAsync();
        await tab.Page.GetByRole(AriaRole.Radio, new() { Name = "招商银行" }).CheckAsync();

        var cashier = await tab.Page.Context.RunAndWaitForPageAsync(() => tab.Page.ClickAsync("form.go button.button-alipay"));
        await Assertions.Expect(cashier.Locator(".sb-bank")).ToContainTextAsync("CMB");
        await cashier.ClickAsync(".sb-button-pay");

        await Assertions.Expect(cashier.Locator("[data-state=paid]")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        Assert.Equal("paid", (string?)(await shop.Api.GetAsync($"/orders/{order["number"]}")).Must(200)["status"]);
        tab.AssertClean();
        await shop.Api.AssertInvariantsAsync();
    }

    /// <summary>A clock that runs as all clocks do, but ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
