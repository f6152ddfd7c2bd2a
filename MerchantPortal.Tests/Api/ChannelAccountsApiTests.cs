using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Api;

public sealed class ChannelAccountsApiTests
{
    [Fact]
    public async Task An_account_is_created_replaced_and_disabled_and_its_secrets_never_come_back()
    {
        await using var shop = await ApiShop.OpenAsync();
        using var app = RSA.Create(2048);
        using var alipay = RSA.Create(2048);
        var secret = app.ExportPkcs8PrivateKeyPem();
        var body = new JsonObject
        {
            ["channel"] = "alipay",
            ["name"] = "支付宝主号",
            ["mode"] = "test",
            ["app_id"] = "2021000000000001",
            ["seller_id"] = "2088000000000001",
            ["app_private_key"] = secret,
            ["alipay_public_key"] = alipay.ExportSubjectPublicKeyInfoPem(),
        };
        var replies = new List<string>();

        var created = await shop.PostAsync("/channel-accounts", body.ToJsonString());
        replies.Add(created.Text);
        var id = (string)created.Must(201)["id"]!;
        Assert.Equal($"{shop.Portal.Address}notify/alipay/{Guid.Parse(id):N}", (string)created.Json["notify_url"]!);
        Assert.NotEmpty(created.Json["fingerprints"]!.AsObject());
        var before = created.Json["fingerprints"]!.ToJsonString();

        body.Remove("app_private_key");
        body["name"] = "改名";
        var replaced = await shop.SendAsync(HttpMethod.Put, $"/channel-accounts/{id}", body.ToJsonString());
        replies.Add(replaced.Text);
        Assert.Equal("改名", (string)replaced.Must(200)["name"]!);
        Assert.Equal(before, replaced.Json["fingerprints"]!.ToJsonString());
        var stored = await shop.Portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Id == Guid.Parse(id)));
        Assert.Equal(app.ExportPkcs8PrivateKey(), KeyOf(shop.Portal.Get<PaymentChannels>().ReadForm(stored)));
        Assert.Equal(1, stored.Version);
        Assert.DoesNotContain(Core(secret), System.Text.Encoding.Latin1.GetString(stored.SealedCredentials), StringComparison.Ordinal);

        replies.Add((await shop.GetAsync("/channel-accounts")).Text);
        Assert.False((bool)(await shop.PostAsync($"/channel-accounts/{id}/disable")).Must(200)["enabled"]!);
        Assert.True((bool)(await shop.PostAsync($"/channel-accounts/{id}/enable")).Must(200)["enabled"]!);
        Assert.All(replies, text => Assert.DoesNotContain(Core(secret), text, StringComparison.Ordinal));
        Assert.All(replies, text => Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_bad_form_says_which_field_and_repeats_no_value()
    {
        await using var shop = await ApiShop.OpenAsync();
        (string Body, int Status, string Code)[] cases =
        [
            ("""{"channel":"paypal","name":"x","mode":"test"}""", 422, "channel_unknown"),
            ("""{"name":"x","mode":"test"}""", 422, "channel_unknown"),
            ("""{"channel":"fake","name":"x","mode":"test","key":"canary-secret","store_id":"1"}""", 400, "unknown_field"),
            ("""{"channel":"fake","name":"x","mode":"both","key":"canary-secret"}""", 422, "mode_invalid"),
            ("""{"channel":"fake","name":"x","key":"canary-secret"}""", 422, "mode_invalid"),
            ("""{"channel":"fake","name":"","mode":"test","key":"canary-secret"}""", 422, "invalid_fields"),
            ("""{"channel":"fake","name":"x","mode":"test"}""", 422, "invalid_fields"),
            ("""{"channel":"alipay","name":"x","mode":"test","app_id":"1","seller_id":"2","app_private_key":"canary-secret","alipay_public_key":"canary-secret"}""", 422, "invalid_fields"),
            ("""{"channel":"wechat-v3","name":"x","mode":"test","mch_id":"1","app_id":"wx1","merchant_serial":"1","merchant_private_key":"canary-secret","api_v3_key":"canary-secret","platform_keys":[{"serial":"1","public_key":"canary-secret"}]}""", 422, "invalid_fields"),
        ];
        foreach (var (body, status, code) in cases)
        {
            var reply = await shop.PostAsync("/channel-accounts", body);
            reply.MustFail(status, code);
            Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_replaced_account_works_with_its_new_key_at_once_and_cannot_change_its_nature()
    {
        await using var shop = await ApiShop.OpenAsync();
        await shop.StartAsync(await shop.PlaceAsync());
        var path = $"/channel-accounts/{shop.Account.Id}";

        (await shop.SendAsync(HttpMethod.Put, path, """{"channel":"fake","name":"x","mode":"live","key":"k"}""")).MustFail(422, "invalid_fields");
        (await shop.SendAsync(HttpMethod.Put, path, """{"channel":"alipay","name":"x","mode":"test"}""")).MustFail(422, "invalid_fields");
        (await shop.SendAsync(HttpMethod.Put, path, """{"channel":"fake","name":"x","mode":"test","key":"rotated"}""")).Must(200);

        var open = await shop.Portal.Get<PaymentChannels>().FindAsync(shop.Account.Id, CancellationToken.None);
        Assert.Equal(1, open?.Account.Version);
    }

    [Fact]
    public async Task A_disabled_account_starts_no_payment_and_the_mode_of_new_orders_follows_the_accounts()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        await shop.PostAsync($"/channel-accounts/{shop.Account.Id}/disable");
        (await shop.StartAsync(number)).MustFail(422, "channel_account_unknown");

        var live = await Support.FakeGateway.AddAccountAsync(shop.Portal, shop.StoreId, PaymentMode.Live);
        Assert.Equal("live", (string)(await shop.PostAsync("/orders", """{"amount":1,"subject":"x"}""")).Must(201)["mode"]!);
        await shop.PostAsync($"/channel-accounts/{live.Id}/disable");
        Assert.Equal("test", (string)(await shop.PostAsync("/orders", """{"amount":1,"subject":"x"}""")).Must(201)["mode"]!);
    }

    [Fact]
    public async Task Products_are_created_replaced_listed_and_archived()
    {
        await using var shop = await ApiShop.OpenAsync();
        var created = (await shop.PostAsync("/products", """{"name":"龙井","price":3800,"image_url":null,"description":"明前","stock":3}""")).Must(201);
        var id = (string)created["id"]!;
        Assert.Equal((3800L, 3, "CNY"), ((long)created["price"]!, (int)created["stock"]!, (string)created["currency"]!));

        Assert.Equal(3900, (long)(await shop.SendAsync(HttpMethod.Put, $"/products/{id}", """{"name":"龙井","price":3900}""")).Must(200)["price"]!);
        Assert.Single((await shop.GetAsync("/products")).Must(200)["items"]!.AsArray());
        Assert.True((bool)(await shop.PostAsync($"/products/{id}/archive")).Must(200)["archived"]!);
        Assert.Empty((await shop.GetAsync("/products")).Must(200)["items"]!.AsArray());
        Assert.Single((await shop.GetAsync("/products?archived=true")).Must(200)["items"]!.AsArray());

        (await shop.PostAsync("/products", """{"price":1}""")).MustFail(422, "name_missing");
        (await shop.PostAsync("/products", """{"name":"x","price":0}""")).MustFail(422, "price_out_of_range");
        (await shop.PostAsync("/products", """{"name":"x","price":1,"image_url":"http://a/"}""")).MustFail(422, "image_url_invalid");
        (await shop.PostAsync("/products", """{"name":"x","price":1,"archived":true}""")).MustFail(400, "unknown_field");
        (await shop.PostAsync("/orders", $$"""{"lines":[{"product_id":"{{id}}","quantity":1}]}""")).MustFail(422, "product_unknown");
    }

    /// <summary>A piece of the key's middle that no header or other key shares.</summary>
    private static string Core(string pem) => pem.Split('\n')[5];

    private static byte[] KeyOf(JsonObject form)
    {
        using var key = RSA.Create();
        var text = (string)form["app_private_key"]!;
        if (text.Contains("BEGIN", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
        }
        else
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
        }

        return key.ExportPkcs8PrivateKey();
    }
}
