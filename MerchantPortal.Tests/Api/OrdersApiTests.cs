using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Api;

public sealed class OrdersApiTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_order_goes_from_placed_to_paid(DatabaseProvider provider)
    {
        await using var shop = await ApiShop.OpenAsync(provider);
        var placed = (await shop.PostAsync("/orders", """{"amount":12340,"subject":"龙井茶","merchant_order_no":"S-1","note":"少糖","metadata":{"table":7},"return_url":"https://shop.example/back"}""")).Must(201);
        var number = (string)placed["number"]!;
        Assert.Equal(["number", "status", "flags", "mode", "amount", "refunded", "currency", "subject", "merchant_order_no", "note", "return_url", "metadata", "checkout_url", "created_at", "expires_at", "paid_at", "lines", "attempts", "refunds"],
            placed.Select(member => member.Key));
        Assert.Equal(("pending", 12340L, 0L, "CNY", "test"), ((string)placed["status"]!, (long)placed["amount"]!, (long)placed["refunded"]!, (string)placed["currency"]!, (string)placed["mode"]!));
        Assert.EndsWith("Z", (string)placed["created_at"]!, StringComparison.Ordinal);
        Assert.Equal(7, (int)placed["metadata"]!["table"]!);
        Assert.Contains("/pay/", (string)placed["checkout_url"]!, StringComparison.Ordinal);

        var started = (await shop.StartAsync(number)).Must(201);
        var outTradeNo = (string)started["out_trade_no"]!;
        Assert.Equal("prompted", (string)started["status"]!);
        Assert.Equal("""{"kind":"qr","code_url":"weixin://wxpay/bizpayurl?pr=%"}""".Replace("%", outTradeNo, StringComparison.Ordinal), started["prompt"]!.ToJsonString());

        var message = shop.Gateway.Pay(outTradeNo);
        using (var notification = FakeGateway.Notify(shop.Account, message))
        {
            (await shop.Http.SendAsync(notification)).EnsureSuccessStatusCode();
        }

        var paid = (await shop.GetAsync($"/orders/{number}")).Must(200);
        Assert.Equal("paid", (string)paid["status"]!);
        Assert.NotNull(paid["paid_at"]);
        var attempt = Assert.Single(paid["attempts"]!.AsArray())!.AsObject();
        Assert.Equal(("paid", message.TransactionId, "native", "fake"), ((string)attempt["status"]!, (string)attempt["transaction_id"]!, (string)attempt["method"]!, (string)attempt["channel"]!));
        Assert.False(attempt.ContainsKey("prompt"));

        var timeline = (await shop.GetAsync($"/orders/{number}/timeline")).Must(200)["items"]!.AsArray();
        Assert.Equal(["order_created", "attempt_started", "attempt_prompted", "payment_received"], timeline.Select(item => (string)item!["kind"]!));
        Assert.Equal($"¥123.40 were received with transaction {message.TransactionId}.", (string)timeline[^1]!["summary"]!);
        Assert.Equal("test", (string)timeline[0]!["actor"]!);
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("status", "\"paid\"")]
    [InlineData("tenant", "\"x\"")]
    [InlineData("store_id", "\"x\"")]
    [InlineData("paid_at", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("amount_paid", "1")]
    [InlineData("number", "\"M1\"")]
    [InlineData("Amount", "1")]
    public async Task Fields_that_are_not_the_callers_to_set_are_refused(string field, string value)
    {
        await using var shop = await ApiShop.OpenAsync();

        var reply = await shop.PostAsync("/orders", $$"""{"amount":1,"subject":"x","{{field}}":{{value}}}""");

        reply.MustFail(400, "unknown_field");
        Assert.Equal(field, (string?)reply.Json["field"]);
        Assert.Equal(0, await shop.Portal.ReadAsync(db => db.Orders.CountAsync()));
    }

    [Fact]
    public async Task Each_bad_order_has_its_code()
    {
        await using var shop = await ApiShop.OpenAsync();
        await shop.PlaceAsync("""{"amount":1,"subject":"x","merchant_order_no":"taken"}""");
        (string Body, int Status, string Code)[] cases =
        [
            ("{}", 422, "order_empty"),
            ("""{"amount":0,"subject":"x"}""", 422, "amount_out_of_range"),
            ("""{"amount":-5,"subject":"x"}""", 422, "amount_out_of_range"),
            ("""{"amount":10000000001,"subject":"x"}""", 422, "amount_out_of_range"),
            ("""{"amount":1}""", 422, "subject_missing"),
            ("""{"amount":1,"subject":"a\u202Eb"}""", 422, "subject_invalid"),
            ("""{"amount":1,"subject":"x","expires_in":5}""", 422, "expires_in_out_of_range"),
            ("""{"amount":1,"subject":"x","expires_in":9223372036854775807}""", 422, "expires_in_out_of_range"),
            ("""{"amount":1,"subject":"x","return_url":"javascript:alert(1)"}""", 422, "return_url_invalid"),
            ("""{"amount":1,"subject":"x","return_url":"https://a:b@c/"}""", 422, "return_url_invalid"),
            ("""{"amount":1,"subject":"x","merchant_order_no":"a b"}""", 422, "merchant_order_no_invalid"),
            ("""{"amount":1,"subject":"x","merchant_order_no":"taken"}""", 409, "merchant_order_no_used"),
            ("""{"amount":1,"subject":"x","lines":[{"product_id":"0198c6a2-0000-7000-8000-000000000000","quantity":1}]}""", 422, "order_ambiguous"),
            ("""{"lines":[{"product_id":"0198c6a2-0000-7000-8000-000000000000","quantity":1}]}""", 422, "product_unknown"),
            ("""{"lines":[{"product_id":"0198c6a2-0000-7000-8000-000000000000","quantity":0}]}""", 422, "quantity_out_of_range"),
            ("""{"lines":[{"product_id":"x","quantity":1}]}""", 400, "invalid_field"),
            ("""{"lines":[{"product_id":"0198c6a2-0000-7000-8000-000000000000","quantity":1,"price":1}]}""", 400, "unknown_field"),
            ("""{"amount":1,"subject":"x","metadata":[]}""", 400, "invalid_field"),
            ("""{"amount":1,"subject":"x","mode":"real"}""", 400, "invalid_field"),
        ];
        foreach (var (body, status, code) in cases)
        {
            (await shop.PostAsync("/orders", body)).MustFail(status, code);
        }
    }

    [Fact]
    public async Task Each_refusal_to_start_a_payment_has_its_code()
    {
        await using var shop = await ApiShop.OpenAsync();
        var live = await FakeGateway.AddAccountAsync(shop.Portal, shop.StoreId, PaymentMode.Live);
        var number = await shop.PlaceAsync("""{"amount":100,"subject":"x","mode":"test"}""");
        var path = $"/orders/{number}/attempts";

        (await shop.PostAsync("/orders/M000000AAAAAAAAAA/attempts", """{"method":"native"}""")).MustFail(404, "not_found");
        (await shop.PostAsync(path, """{"method":"native"}""")).MustFail(422, "channel_account_id_missing");
        (await shop.PostAsync(path, $$"""{"channel_account_id":"{{shop.Account.Id}}"}""")).MustFail(422, "method_missing");
        (await shop.PostAsync(path, $$"""{"channel_account_id":"{{Guid.NewGuid()}}","method":"native"}""")).MustFail(422, "channel_account_unknown");
        (await shop.PostAsync(path, $$"""{"channel_account_id":"{{live.Id}}","method":"native"}""")).MustFail(422, "mode_mismatch");
        (await shop.StartAsync(number, "button")).MustFail(422, "method_not_supported");
        (await shop.StartAsync(number, "carrier_pigeon")).MustFail(400, "invalid_field");
        (await shop.StartAsync(number, "jsapi")).MustFail(422, "openid_missing");
        (await shop.StartAsync(number, "h5")).MustFail(422, "client_ip_missing");
        (await shop.StartAsync(number, "h5", ",\"client_ip\":\"x\"")).MustFail(422, "client_ip_invalid");
        shop.Gateway.OnCreate = _ => new CreateResult.Refused("NO_AUTH", "not allowed");
        var refused = await shop.StartAsync(number, "h5", ",\"client_ip\":\"1.2.3.4\"");
        refused.MustFail(422, "gateway_refused");
        Assert.Equal("NO_AUTH", (string?)refused.Json["gateway_code"]);
        (await shop.PostAsync($"/orders/{number}/close")).Must(200);
        (await shop.StartAsync(number)).MustFail(409, "order_not_payable");
    }

    [Fact]
    public async Task Query_finds_money_whose_notification_was_lost_and_close_never_closes_a_paid_order()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        shop.Gateway.Pay((string)(await shop.StartAsync(number)).Must(201)["out_trade_no"]!);

        Assert.Equal("paid", (string)(await shop.PostAsync($"/orders/{number}/query")).Must(200)["status"]!);
        (await shop.PostAsync($"/orders/{number}/close")).MustFail(409, "order_not_pending");
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Close_is_repeatable_and_unclear_gateways_change_nothing()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        await shop.StartAsync(number);
        shop.Gateway.OnQuery = _ => new QueryResult.Unknown("timeout");
        (await shop.PostAsync($"/orders/{number}/query")).MustFail(502, "gateway_unclear");
        (await shop.PostAsync($"/orders/{number}/close")).MustFail(502, "gateway_unclear");
        shop.Gateway.OnQuery = null;

        Assert.Equal("closed", (string)(await shop.PostAsync($"/orders/{number}/close")).Must(200)["status"]!);
        Assert.Equal("closed", (string)(await shop.PostAsync($"/orders/{number}/close")).Must(200)["status"]!);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Another_stores_objects_do_not_exist()
    {
        await using var shop = await ApiShop.OpenAsync();
        var other = await shop.OtherStoreAsync();
        var number = await other.PlaceAsync();
        var product = (string)(await other.PostAsync("/products", """{"name":"x","price":100}""")).Must(201)["id"]!;

        (await shop.GetAsync($"/orders/{number}")).MustFail(404, "not_found");
        (await shop.GetAsync($"/orders/{number}/timeline")).MustFail(404, "not_found");
        (await shop.PostAsync($"/orders/{number}/query")).MustFail(404, "not_found");
        (await shop.PostAsync($"/orders/{number}/close")).MustFail(404, "not_found");
        (await shop.StartAsync(number)).MustFail(404, "not_found");
        (await shop.SendAsync(HttpMethod.Put, $"/products/{product}", """{"name":"y","price":1}""")).MustFail(404, "not_found");
        (await shop.PostAsync($"/products/{product}/archive")).MustFail(404, "not_found");
        (await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{other.Account.Id}", """{"name":"y"}""")).MustFail(404, "not_found");
        (await shop.PostAsync($"/channel-accounts/{other.Account.Id}/disable")).MustFail(404, "not_found");
        (await shop.PostAsync("/orders", $$"""{"lines":[{"product_id":"{{product}}","quantity":1}]}""")).MustFail(422, "product_unknown");
        Assert.Empty((await shop.GetAsync("/orders")).Must(200)["items"]!.AsArray());
    }
}
