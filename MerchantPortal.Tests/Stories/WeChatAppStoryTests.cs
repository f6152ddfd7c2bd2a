using System.Net;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Api;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Stories;

/// <summary>An app of 2014 takes money through the portal, over the API and the sandbox, all on real HTTP.</summary>
public sealed class WeChatAppStoryTests
{
    [Fact]
    public async Task An_order_is_paid_in_the_app_and_its_delivery_reported()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync();
        Assert.Equal("app", (string)payment.Prompt["kind"]!);
        var parameters = (JsonObject)payment.Prompt["params"]!;
        Assert.Equal(["appid", "noncestr", "package", "partnerid", "prepayid", "sign", "timestamp"], parameters.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("Sign=WXPay", shop.PhoneSignature(parameters)), ((string)parameters["package"]!, (string)parameters["sign"]!));

        await shop.PayAsync(payment);
        Assert.Equal("paid", await shop.StatusAsync(payment));
        Assert.Equal([("applied", "paid")], await shop.CallbacksAsync());

        // As several instances would, all at once; and once more when it is done.
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.ReportDeliveryAsync(payment))), took => took);
        Assert.False(await shop.ReportDeliveryAsync(payment));
        await shop.ReportDeliveriesAsync();
        Assert.Equal(1, await shop.ReportsAsync(payment));
        Assert.Equal(
            ["order_created", "attempt_started", "attempt_prompted", "payment_received", "delivery_reported"], await shop.TimelineAsync(payment));
        Assert.Contains("商户已通知发货", WebUtility.HtmlDecode(await shop.Api.Http.GetStringAsync("/sandbox")), StringComparison.Ordinal);
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("tamper", "rejected", "signature_invalid")]
    [InlineData("wrong_key", "rejected", "signature_invalid")]
    [InlineData("wrong_amount", "quarantined", "amount_mismatch")]
    public async Task A_forged_or_wrong_message_moves_nothing_and_the_true_one_does(string fault, string status, string reason)
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync();

        await shop.PayAsync(payment, fault);
        Assert.Equal([(status, reason)], await shop.CallbacksAsync());
        Assert.Equal("pending", await shop.StatusAsync(payment));
        await shop.ReportDeliveriesAsync();
        Assert.Equal(0, await shop.ReportsAsync(payment));

        await shop.SendAgainAsync(payment);
        Assert.Equal("paid", await shop.StatusAsync(payment));
        Assert.Contains(("applied", "paid"), await shop.CallbacksAsync());
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Copies_and_a_second_transaction_count_as_what_they_are()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var first = await shop.StartAsync();
        await shop.PayAsync(first, "duplicate:8");
        var callbacks = await shop.CallbacksAsync();
        Assert.Equal((8, 1), (callbacks.Count, callbacks.Count(callback => callback == ("applied", "paid"))));

        var second = await shop.StartAsync();
        await shop.PayAsync(second, "pay_twice");
        Assert.Contains(("applied", "duplicate_money"), await shop.CallbacksAsync());
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Repeats_with_the_same_body_are_told_apart_by_their_address()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var repeated = await shop.StartAsync();
        var other = await shop.StartAsync();
        foreach (var payment in new[] { repeated, other })
        {
            await shop.PayAsync(payment);
        }

        // Without a body all messages of an account look the same but for the address.
        for (var i = 0; i < 22; i++)
        {
            await shop.NotifyWithoutBodyAsync(repeated);
        }

        await shop.NotifyWithoutBodyAsync(other);
        var kept = await shop.Api.Portal.ReadAsync(db => db.Inbox.AsNoTracking().Where(row => row.Status == CallbackStatus.Duplicate).ToListAsync());
        Assert.Equal((20, 2), (kept.Count(row => row.OutTradeNo == repeated.OutTradeNo), kept.Sum(row => row.Repeats)));
        Assert.Single(kept, row => row.OutTradeNo == other.OutTradeNo);
    }

    [Fact]
    public async Task A_stored_callback_is_decoded_and_replayed_and_a_forged_one_stays_forged()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment, "wrong_key");
        var forged = await NewestCallbackAsync(shop);
        var dry = await ReplayAsync(shop, forged, dryRun: true);
        Assert.Equal(("rejected", 0), ((string)dry["outcome"]!, dry["would_change"]!.AsArray().Count));

        await shop.SendAgainAsync(payment);
        var applied = await NewestCallbackAsync(shop);
        Assert.Equal("duplicate", (string)(await ReplayAsync(shop, applied, dryRun: false))["outcome"]!);
        Assert.Equal("rejected", (string)(await ReplayAsync(shop, forged, dryRun: false))["outcome"]!);
        var detail = (await shop.Api.GetAsync($"/callbacks/{applied}")).Must(200);
        Assert.Contains("Signed with the partnerKey.", detail["trace"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", detail.ToJsonString(), StringComparison.Ordinal);
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_lost_notification_is_found_by_a_query_and_the_delivery_waits_for_the_payers_name()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment, "lose");
        Assert.Equal("paid", (string)(await shop.Api.PostAsync($"/orders/{payment.Number}/query")).Must(200)["status"]!);

        await shop.ReportDeliveriesAsync();
        Assert.Equal(0, await shop.ReportsAsync(payment));

        await shop.SendAgainAsync(payment);
        shop.Clock.Advance(TimeSpan.FromSeconds(2));
        await shop.ReportDeliveriesAsync();
        Assert.Equal(1, await shop.ReportsAsync(payment));
        Assert.Contains("delivery_reported", await shop.TimelineAsync(payment));
    }

    [Fact]
    public async Task A_delivery_that_is_never_taken_is_given_up_and_told()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment, "lose");
        (await shop.Api.PostAsync($"/orders/{payment.Number}/query")).Must(200);

        await shop.Api.Portal.WriteAsync(db => db.DeliveryReports.Single().Attempts = 9);
        await shop.ReportDeliveriesAsync();
        await shop.ReportDeliveriesAsync();

        Assert.Equal(["delivery_not_reported"], (await shop.TimelineAsync(payment)).Where(kind => kind.StartsWith("delivery", StringComparison.Ordinal)));
        Assert.Null(await shop.Api.Portal.ReadAsync(db => db.DeliveryReports.Select(row => row.DueAt).SingleAsync()));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task What_cannot_be_closed_at_the_gateway_is_closed_after_its_last_moment_only()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var payment = await shop.StartAsync(order: """{"amount":100,"subject":"龙井","expires_in":600}""");
        (await shop.Api.PostAsync($"/orders/{payment.Number}/close")).MustFail(502, "gateway_unclear");

        shop.Clock.Advance(TimeSpan.FromMinutes(11));
        (await shop.Api.PostAsync($"/orders/{payment.Number}/close")).MustFail(502, "gateway_unclear");
        shop.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("closed", (string)(await shop.Api.PostAsync($"/orders/{payment.Number}/close")).Must(200)["status"]!);

        await shop.PayAsync(payment, "pay_after_expiry");
        Assert.Equal([("applied", "paid_late")], await shop.CallbacksAsync());
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_token_that_another_system_killed_is_fetched_anew_once_and_one_that_expires_too()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        await shop.StartAsync();
        await shop.StartAsync();
        Assert.Equal(1, await shop.TokenCallsAsync());

        await shop.KillTokenAsync();
        await shop.StartAsync();
        await shop.StartAsync();
        Assert.Equal(3, await shop.TokenCallsAsync());

        shop.Clock.Advance(TimeSpan.FromHours(3));
        await shop.StartAsync();
        Assert.Equal(4, await shop.TokenCallsAsync());
    }

    [Fact]
    public async Task The_days_tokens_are_not_used_up()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var number = await shop.Api.PlaceAsync();
        await shop.StartAsync();
        await shop.Api.Portal.WriteAsync(db => db.SharedTokens.Single().Fetches = 180);
        await shop.KillTokenAsync();

        (await shop.TryStartAsync(number)).MustFail(502, "gateway_unclear");
        Assert.Equal(2, await shop.TokenCallsAsync());
        shop.Clock.Advance(TimeSpan.FromHours(13));
        await shop.StartAsync();
    }

    [Fact]
    public async Task Parallel_payments_of_one_instance_share_one_token()
    {
        await using var shop = await WeChatAppShop.OpenAsync(liveClock: true);
        var numbers = await PlaceAsync(shop, 12);
        var replies = await Task.WhenAll(numbers.Select(shop.TryStartAsync));
        Assert.All(replies, reply => reply.Must(201));
        Assert.Equal(1, await shop.TokenCallsAsync());
    }

    [Fact]
    public async Task Parallel_payments_of_two_instances_share_one_token()
    {
        var database = await PostgresCluster.CreateDatabaseAsync();
        await using var shop = await WeChatAppShop.OpenAsync(
            factory => factory.Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database), liveClock: true);
        await using var second = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database)
            .Set("Portal:PublicBaseUrl", shop.Api.Portal.Address.AbsoluteUri));
        using var other = second.CreateClient();
        other.DefaultRequestHeaders.Authorization = new("Bearer", shop.Api.Key);

        var numbers = await PlaceAsync(shop, 16);
        var replies = await Task.WhenAll(numbers.Select((number, index) => index % 2 == 0 ? shop.TryStartAsync(number) : StartAtAsync(other, shop, number)));

        Assert.All(replies, reply => reply.Must(201));
        Assert.Equal(1, await shop.TokenCallsAsync());
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task The_checkout_page_never_offers_it_and_no_other_method_is_taken()
    {
        await using var shop = await WeChatAppShop.OpenAsync();
        var order = (await shop.Api.PostAsync("/orders", """{"amount":100,"subject":"龙井"}""")).Must(201);
        var page = await shop.Api.Http.GetStringAsync(new Uri((string)order["checkout_url"]!).AbsolutePath);
        Assert.DoesNotContain(shop.AccountId, page, StringComparison.OrdinalIgnoreCase);
        (await shop.Api.PostAsync($"/orders/{order["number"]}/attempts", $$"""{"channel_account_id":"{{shop.AccountId}}","method":"native"}""")).MustFail(422, "method_not_supported");
        Assert.Equal([PaymentMethod.App], shop.Api.Portal.Get<PaymentChannels>().Definition("wechat-app")?.Methods);
    }

    private static async Task<List<string>> PlaceAsync(WeChatAppShop shop, int count)
    {
        var numbers = new List<string>();
        for (var i = 0; i < count; i++)
        {
            numbers.Add(await shop.Api.PlaceAsync());
        }

        return numbers;
    }

    private static async Task<ApiReply> StartAtAsync(HttpClient http, WeChatAppShop shop, string number)
    {
        using var body = new StringContent($$"""{"channel_account_id":"{{shop.AccountId}}","method":"app"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"/api/v1/orders/{number}/attempts", UriKind.Relative), body);
        return await ApiReply.ReadAsync(response);
    }

    private static async Task<string> NewestCallbackAsync(WeChatAppShop shop) => (string)(await shop.Api.GetAsync("/callbacks")).Must(200)["items"]![0]!["id"]!;

    private static async Task<JsonObject> ReplayAsync(WeChatAppShop shop, string id, bool dryRun) =>
        (await shop.Api.PostAsync($"/callbacks/{id}/replay", $$"""{"dry_run":{{(dryRun ? "true" : "false")}},"reason":"test"}""")).Must(200);
}
