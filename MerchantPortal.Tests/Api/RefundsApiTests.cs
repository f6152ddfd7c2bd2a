using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Api;

/// <summary>Giving money back, as a merchant's system does it.</summary>
public sealed class RefundsApiTests
{
    [Fact]
    public async Task A_refund_is_made_followed_and_shown_with_its_order()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await PaidAsync(shop);

        var refund = (await RefundAsync(shop, number, """{"amount":40,"reason":"茶叶受潮","reason_code":"defective","refund_no":"SHOP-RF-1"}""")).Must(201);

        Assert.Equal(("SHOP-RF-1", "processing", 40, "defective"), ((string?)refund["refund_no"], (string?)refund["status"], (int)refund["amount"]!, (string?)refund["reason_code"]));
        shop.Gateway.Refunds["SHOP-RF-1"].State = FakeRefundState.Succeeded;
        using (var notice = FakeGateway.Notify(shop.Account, shop.Gateway.TellOfRefund("SHOP-RF-1")))
        {
            (await shop.Http.SendAsync(notice)).Dispose();
        }

        var order = (await shop.GetAsync($"/orders/{number}")).Must(200);
        Assert.Equal(("partially_refunded", 40), ((string?)order["status"], (int)order["refunded"]!));
        Assert.Equal("succeeded", (string?)order["refunds"]?[0]?["status"]);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task The_same_number_answers_the_same_refund_and_another_amount_is_a_conflict()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await PaidAsync(shop);

        (await RefundAsync(shop, number, """{"amount":40,"reason":"x","refund_no":"SHOP-RF-1"}""")).Must(201);
        (await RefundAsync(shop, number, """{"amount":40,"reason":"x","refund_no":"SHOP-RF-1"}""")).Must(200);

        (await RefundAsync(shop, number, """{"amount":41,"reason":"x","refund_no":"SHOP-RF-1"}""")).MustFail(409, "refund_no_used");
        Assert.Single(shop.Gateway.Refunds);
    }

    [Fact]
    public async Task One_idempotency_key_makes_one_refund()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await PaidAsync(shop);
        const string Body = """{"amount":40,"reason":"x"}""";

        var first = (await shop.PostAsync($"/orders/{number}/refunds", Body, "key-1")).Must(201);
        var again = (await shop.PostAsync($"/orders/{number}/refunds", Body, "key-1")).Must(201);

        Assert.Equal((string?)first["refund_no"], (string?)again["refund_no"]);
        Assert.Single(shop.Gateway.Refunds);
    }

    [Theory]
    [InlineData("""{"amount":101,"reason":"x"}""", 409, "refund_too_large")]
    [InlineData("""{"amount":0,"reason":"x"}""", 422, "amount_invalid")]
    [InlineData("""{"reason":"x"}""", 422, "amount_invalid")]
    [InlineData("""{"amount":1}""", 422, "reason_missing")]
    [InlineData("""{"amount":1,"reason":"x","reason_code":"at_gateway"}""", 422, "reason_missing")]
    [InlineData("""{"amount":1,"reason":"x","refund_no":"a b"}""", 422, "refund_no_invalid")]
    [InlineData("""{"amount":1,"reason":"x","transaction_id":"nobody"}""", 422, "transaction_unknown")]
    public async Task What_cannot_be_refunded_is_refused(string body, int status, string code)
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await PaidAsync(shop);

        (await RefundAsync(shop, number, body)).MustFail(status, code);
        Assert.Empty(shop.Gateway.Refunds);
    }

    [Fact]
    public async Task Unpaid_orders_other_stores_and_keys_without_the_scope_refund_nothing()
    {
        await using var shop = await ApiShop.OpenAsync();
        await using var other = await shop.OtherStoreAsync();
        var unpaid = await shop.PlaceAsync();
        var paid = await PaidAsync(shop);
        const string Body = """{"amount":1,"reason":"x"}""";

        (await RefundAsync(shop, unpaid, Body)).MustFail(409, "nothing_to_refund");
        (await shop.PostAsync($"/orders/{paid}/refunds", Body, key: other.Key)).MustFail(404, "not_found");
        (await shop.PostAsync($"/orders/{paid}/refunds", Body, key: await shop.AddKeyAsync("orders:write"))).MustFail(403, "scope_missing");
        (await shop.PostAsync($"/orders/{paid}/refunds", Body, key: await shop.AddKeyAsync("refunds:write"))).Must(201);
    }

    private static async Task<string> PaidAsync(ApiShop shop)
    {
        var number = await shop.PlaceAsync();
        var attempt = (await shop.StartAsync(number)).Must(201);
        using var notice = FakeGateway.Notify(shop.Account, shop.Gateway.Pay((string)attempt["out_trade_no"]!));
        (await shop.Http.SendAsync(notice)).Dispose();
        return number;
    }

    private static Task<ApiReply> RefundAsync(ApiShop shop, string number, string body) => shop.PostAsync($"/orders/{number}/refunds", body);
}
