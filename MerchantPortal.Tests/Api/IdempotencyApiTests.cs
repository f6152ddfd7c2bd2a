using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Api;

/// <summary>A request that is sent twice under one key does its work once.</summary>
public sealed class IdempotencyApiTests
{
    [Fact]
    public async Task Twenty_equal_creates_at_once_make_one_order()
    {
        await using var shop = await ApiShop.OpenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "race-1")));

        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.Orders.CountAsync()));
        Assert.All(replies, reply => Assert.True(reply.Status == 201 || reply.Code == "idempotency_in_progress", reply.Text));
        var again = (await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "race-1")).Must(201);
        Assert.All(replies.Where(reply => reply.Status == 201), reply => Assert.Equal(again.ToJsonString(), reply.Json.ToJsonString()));
    }

    [Fact]
    public async Task An_idempotency_key_belongs_to_one_request_of_one_store()
    {
        await using var shop = await ApiShop.OpenAsync();
        var other = await shop.OtherStoreAsync();
        var first = (await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "k")).Must(201);

        (await shop.PostAsync("/orders", """{"amount":200,"subject":"x"}""", "k")).MustFail(422, "idempotency_key_reused");
        (await shop.PostAsync("/products", """{"name":"x","price":100}""", "k")).MustFail(422, "idempotency_key_reused");
        Assert.NotEqual((string)first["number"]!, (string)(await other.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "k")).Must(201)["number"]!);
        (await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", new string('k', 300))).MustFail(400, "idempotency_key_invalid");
        var refused = await shop.PostAsync("/orders", """{"amount":0,"subject":"x"}""", "bad");
        refused.MustFail(422, "amount_out_of_range");
        Assert.Equal(refused.Text, (await shop.PostAsync("/orders", """{"amount":0,"subject":"x"}""", "bad")).Text);
    }

    [Fact]
    public async Task A_reservation_whose_process_died_is_taken_over_after_a_minute_and_not_before()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await ApiShop.OpenAsync(configure: factory => factory.WithClock(clock));
        await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "k");
        await shop.Portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => db.IdempotencyRecords.ExecuteUpdateAsync(row => row.SetProperty(kept => kept.StatusCode, (int?)null).SetProperty(kept => kept.Body, (string?)null), ct), CancellationToken.None);

        (await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "k")).MustFail(409, "idempotency_in_progress");
        clock.Advance(TimeSpan.FromSeconds(61));

        (await shop.PostAsync("/orders", """{"amount":100,"subject":"x"}""", "k")).Must(201);
    }

    [Fact]
    public async Task A_failure_on_our_side_is_not_kept_for_the_key()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        var body = $$"""{"channel_account_id":"{{shop.Account.Id}}","method":"native"}""";
        shop.Gateway.OnCreate = _ => new CreateResult.Unknown("no answer");
        (await shop.PostAsync($"/orders/{number}/attempts", body, "k")).MustFail(502, "gateway_unclear");
        shop.Gateway.OnCreate = null;

        (await shop.PostAsync($"/orders/{number}/attempts", body, "k")).Must(201);
    }

    [Fact]
    public async Task A_prompt_past_its_time_is_never_answered_not_even_to_the_same_key()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await ApiShop.OpenAsync(configure: factory => factory.WithClock(clock));
        var made = 0;
        shop.Gateway.OnCreate = _ => new CreateResult.Prompted(PaymentPrompt.Qr($"weixin://{++made}") with { GoodUntil = clock.GetUtcNow().AddMinutes(5) });
        var number = await shop.PlaceAsync();
        var body = $$"""{"channel_account_id":"{{shop.Account.Id}}","method":"native"}""";
        var first = await shop.PostAsync($"/orders/{number}/attempts", body, "k");
        Assert.Equal("2026-12-31T04:05:00Z", (string?)first.Must(201)["prompt"]?["good_until"]);

        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(first.Text, (await shop.PostAsync($"/orders/{number}/attempts", body, "k")).Text);
        Assert.Equal("weixin://1", await KnownAsync());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await KnownAsync());
        var fresh = (await shop.PostAsync($"/orders/{number}/attempts", body, "k")).Must(201);

        Assert.Equal(((string?)first.Json["out_trade_no"], "weixin://2"), ((string?)fresh["out_trade_no"], (string?)fresh["prompt"]?["code_url"]));
        Assert.Equal("weixin://2", await KnownAsync());
        Assert.Equal(2, made);

        async Task<string?> KnownAsync() =>
            (string?)Assert.Single((await shop.GetAsync($"/orders/{number}")).Must(200)["attempts"]!.AsArray())!["prompt"]?["code_url"];
    }
}
