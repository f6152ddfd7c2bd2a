using System.Text.Json.Nodes;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Api;

public sealed class CallbacksApiTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_callback_is_listed_explained_rehearsed_and_replayed(DatabaseProvider provider)
    {
        await using var shop = await ApiShop.OpenAsync(provider);
        var outTradeNo = (string)(await shop.StartAsync(await shop.PlaceAsync())).Must(201)["out_trade_no"]!;
        await NotifyAsync(shop, shop.Gateway.Pay(outTradeNo));
        await NotifyAsync(shop, shop.Gateway.Trades[outTradeNo].ToMessage(), "wrong-key");

        var all = (await shop.GetAsync("/callbacks")).Must(200)["items"]!.AsArray();
        Assert.Equal(["rejected", "applied"], all.Select(callback => (string)callback!["status"]!));
        var rejected = Assert.Single((await shop.GetAsync("/callbacks?status=rejected&channel=fake")).Must(200)["items"]!.AsArray())!;
        Assert.Equal("signature_invalid", (string)rejected["reason"]!);
        Assert.Empty((await shop.GetAsync("/callbacks?channel=alipay")).Must(200)["items"]!.AsArray());

        var applied = (await shop.GetAsync($"/callbacks/{all[1]!["id"]}")).Must(200);
        Assert.Equal((outTradeNo, "paid", shop.Account.Id.ToString()), ((string)applied["out_trade_no"]!, (string)applied["reason"]!, (string)applied["account_id"]!));
        Assert.Single(applied["attempts"]!.AsArray());
        Assert.All(applied["trace"]!.AsArray(), step => Assert.True((bool)step!["ok"]!));

        var rehearsed = (await shop.PostAsync($"/callbacks/{applied["id"]}/replay", """{"dry_run":true}""")).Must(200);
        Assert.Equal("duplicate", (string)rehearsed["outcome"]!);
        Assert.Empty(rehearsed["would_change"]!.AsArray());
        Assert.Single((await shop.GetAsync($"/callbacks/{applied["id"]}")).Must(200)["attempts"]!.AsArray());

        var replayed = (await shop.PostAsync($"/callbacks/{applied["id"]}/replay", """{"dry_run":false,"reason":"checking"}""")).Must(200);
        Assert.Equal("duplicate", (string)replayed["outcome"]!);
        var attempts = (await shop.GetAsync($"/callbacks/{applied["id"]}")).Must(200)["attempts"]!.AsArray();
        Assert.Equal(("checking", "test"), ((string)attempts[0]!["replay_reason"]!, (string)attempts[0]!["actor"]!));
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_rehearsal_tells_what_would_change_and_changes_nothing()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        var outTradeNo = (string)(await shop.StartAsync(number)).Must(201)["out_trade_no"]!;
        var message = shop.Gateway.Pay(outTradeNo);
        await NotifyAsync(shop, message, "not-yet-known");
        var id = (string)(await shop.GetAsync("/callbacks")).Must(200)["items"]![0]!["id"]!;
        (await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{shop.Account.Id}", """{"name":"Fake","key":"not-yet-known"}""")).Must(200);

        var rehearsed = (await shop.PostAsync($"/callbacks/{id}/replay", """{"dry_run":true}""")).Must(200);
        Assert.Equal("applied", (string)rehearsed["outcome"]!);
        Assert.Contains(rehearsed["would_change"]!.AsArray(), change => (string)change!["entity"]! == "order" && (string)change["field"]! == "Status" && (string)change["after"]! == "Paid");
        Assert.Equal("pending", (string)(await shop.GetAsync($"/orders/{number}")).Must(200)["status"]!);

        (await shop.PostAsync($"/callbacks/{id}/replay", """{"dry_run":false,"reason":"key mended"}""")).Must(200);
        Assert.Equal("paid", (string)(await shop.GetAsync($"/orders/{number}")).Must(200)["status"]!);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Wrong_requests_and_other_stores_are_refused()
    {
        await using var shop = await ApiShop.OpenAsync();
        var outTradeNo = (string)(await shop.StartAsync(await shop.PlaceAsync())).Must(201)["out_trade_no"]!;
        await NotifyAsync(shop, shop.Gateway.Pay(outTradeNo));
        var id = await shop.Portal.ReadAsync(db => db.Inbox.Select(row => row.Id).SingleAsync());
        var other = await shop.OtherStoreAsync();

        (await shop.PostAsync($"/callbacks/{id}/replay", "{}")).MustFail(422, "dry_run_missing");
        (await shop.PostAsync($"/callbacks/{id}/replay", """{"dry_run":false}""")).MustFail(422, "reason_missing");
        (await shop.PostAsync($"/callbacks/{id}/replay", new JsonObject { ["dry_run"] = false, ["reason"] = new string('x', 501) }.ToJsonString())).MustFail(422, "reason_too_long");
        (await shop.PostAsync($"/callbacks/{id}/replay", """{"dry_run":true,"outcome":"applied"}""")).MustFail(400, "unknown_field");
        (await shop.GetAsync("/callbacks?status=lost")).MustFail(400, "status_invalid");
        (await shop.GetAsync("/callbacks/x")).MustFail(404, "not_found");
        (await other.GetAsync($"/callbacks/{id}")).MustFail(404, "not_found");
        (await other.PostAsync($"/callbacks/{id}/replay", """{"dry_run":true}""")).MustFail(404, "not_found");
        Assert.Empty((await other.GetAsync("/callbacks")).Must(200)["items"]!.AsArray());
    }

    private static async Task NotifyAsync(ApiShop shop, FakeMessage message, string key = FakeGateway.Key)
    {
        using var request = FakeGateway.Notify(shop.Account, message, key);
        using var response = await shop.Http.SendAsync(request);
    }
}
