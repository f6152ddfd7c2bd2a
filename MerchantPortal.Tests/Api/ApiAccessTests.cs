using System.Net.Http.Headers;
using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Api;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Api;

public sealed class ApiAccessTests
{
    [Fact]
    public async Task Without_a_valid_key_every_call_is_refused_as_a_problem()
    {
        await using var shop = await ApiShop.OpenAsync();

        (await shop.GetAsync("/orders", key: "")).MustFail(401, "unauthenticated");
        (await shop.GetAsync("/orders", key: "mp_wrong")).MustFail(401, "unauthenticated");
        (await shop.GetAsync("/orders", key: shop.Key + "x")).MustFail(401, "unauthenticated");
        (await shop.PostAsync("/orders", """{"amount":1,"subject":"x"}""", key: "")).MustFail(401, "unauthenticated");
        (await shop.GetAsync("/orders")).Must(200);
    }

    [Fact]
    public async Task A_revoked_key_stops_at_once()
    {
        await using var shop = await ApiShop.OpenAsync();
        (await shop.GetAsync("/orders")).Must(200);
        var id = await shop.Portal.ReadAsync(db => db.ApiKeys.Select(key => key.Id).SingleAsync());

        await shop.Portal.Get<RevokeApiKey>().ExecuteAsync(id, new Actor(shop.StoreId, ActorKind.Person, "1", "小李"), CancellationToken.None);

        (await shop.GetAsync("/orders")).MustFail(401, "unauthenticated");
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_stored_and_its_use_is_noted()
    {
        await using var shop = await ApiShop.OpenAsync();
        await shop.GetAsync("/orders");

        var key = await shop.Portal.ReadAsync(db => db.ApiKeys.SingleAsync());

        Assert.NotNull(key.LastUsedAt);
        Assert.StartsWith("mp_", shop.Key, StringComparison.Ordinal);
        Assert.Equal(shop.Key[..10], key.Prefix);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(shop.Key)), key.Hash);
    }

    [Fact]
    public async Task A_key_reaches_only_what_its_scopes_name()
    {
        await using var shop = await ApiShop.OpenAsync();
        var reader = await shop.AddKeyAsync(ApiScopes.OrdersRead);

        (await shop.GetAsync("/orders", reader)).Must(200);
        (await shop.PostAsync("/orders", """{"amount":1,"subject":"x"}""", key: reader)).MustFail(403, "scope_missing");
        (await shop.GetAsync("/channel-accounts", reader)).MustFail(403, "scope_missing");
        (await shop.GetAsync("/products", reader)).MustFail(403, "scope_missing");
    }

    [Fact]
    public async Task Guessing_keys_is_slowed_down_and_locks_nobody_out()
    {
        await using var shop = await ApiShop.OpenAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 60; i++)
        {
            statuses.Add((await shop.GetAsync("/orders", $"mp_guess{i}")).Status);
        }

        Assert.Contains(429, statuses);
        (await shop.GetAsync("/orders")).Must(200);
    }

    [Fact]
    public async Task Wrong_addresses_methods_and_bodies_are_problems_too()
    {
        await using var shop = await ApiShop.OpenAsync();

        (await shop.GetAsync("/nothing")).MustFail(404, "not_found");
        (await shop.SendAsync(HttpMethod.Delete, "/orders", null)).MustFail(405, "method_not_allowed");
        (await shop.PostAsync("/orders", null)).MustFail(415, "unsupported_media_type");
        (await shop.PostAsync("/orders", "{")).MustFail(400, "malformed_json");
        (await shop.PostAsync("/orders", "[]")).MustFail(400, "malformed_json");
        (await shop.PostAsync("/orders", "null")).MustFail(400, "malformed_json");
        (await shop.PostAsync("/orders", """{"amount":"1","subject":"x"}""")).MustFail(400, "invalid_field");
        (await shop.PostAsync("/orders", """{"amount":1.5,"subject":"x"}""")).MustFail(400, "invalid_field");
        (await shop.PostAsync("/orders", """{"amount":1,"amount":2,"subject":"x"}""")).MustFail(400, "invalid_field");
        (await shop.PostAsync("/orders", $$"""{"amount":1,"subject":"{{new string('x', 300_000)}}"}""")).MustFail(413, "body_too_large");
    }

    [Fact]
    public async Task An_exception_inside_is_an_internal_error_without_detail()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        shop.Gateway.OnCreate = _ => throw new InvalidOperationException("canary-inner-detail");

        var reply = await shop.StartAsync(number);

        reply.MustFail(500, "internal_error");
        Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_is_for_key_holders_and_names_every_call()
    {
        await using var shop = await ApiShop.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        // Without a key it is the sign-in page that answers.
        Assert.DoesNotContain("/api/v1/orders", await shop.Http.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Key);

        using var response = await shop.Http.SendAsync(request);

        var paths = (await ApiReply.ReadAsync(response)).Must(200)["paths"]!.AsObject().Select(path => path.Key).ToList();
        string[] calls =
        [
            "/api/v1/channel-accounts", "/api/v1/channel-accounts/{id}", "/api/v1/channel-accounts/{id}/disable", "/api/v1/products", "/api/v1/products/{id}",
            "/api/v1/products/{id}/archive", "/api/v1/orders", "/api/v1/orders/{number}", "/api/v1/orders/{number}/attempts", "/api/v1/orders/{number}/query",
            "/api/v1/orders/{number}/close", "/api/v1/orders/{number}/timeline", "/api/v1/orders/{number}/refunds", "/api/v1/orders/events",
        ];
        Assert.Empty(calls.Except(paths));
    }
}
