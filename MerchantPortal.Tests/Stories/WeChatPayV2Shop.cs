using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Api;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV2;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Stories;

/// <summary>A merchant's system with an account of WeChat Pay's older interface, over the API; the sandbox is WeChat Pay. Time stands still unless moved.</summary>
internal sealed class WeChatPayV2Shop : IAsyncDisposable
{
    private WeChatPayV2Shop(ApiShop api, FakeTimeProvider clock, JsonObject form, Guid accountId) => (Api, Clock, Form, AccountId) = (api, clock, form, accountId);

    public ApiShop Api { get; }

    public FakeTimeProvider Clock { get; }

    /// <summary>What the sandbox registered, key included.</summary>
    public JsonObject Form { get; }

    public Guid AccountId { get; }

    public static async Task<WeChatPayV2Shop> OpenAsync(string signType = "")
    {
        var clock = new FakeTimeProvider();
        var api = await ApiShop.OpenAsync(configure: factory => factory.WithClock(clock));
        using var registered = await api.Http.PostAsJsonAsync("/sandbox/api/merchants", new { channel = "wechat-v2", variant = signType });
        var form = await registered.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No merchant.");
        var account = (JsonObject)form.DeepClone();
        (account["channel"], account["name"], account["mode"]) = ("wechat-v2", "微信 V2", "test");
        var saved = (await api.PostAsync("/channel-accounts", account.ToJsonString())).Must(201);
        return new WeChatPayV2Shop(api, clock, form, (Guid)saved["id"]!);
    }

    /// <summary>Starts a payment of ¥1.00.</summary>
    public async Task<V2Payment> StartAsync(string way = "native", string? number = null)
    {
        number ??= await Api.PlaceAsync("""{"amount":100,"subject":"龙井 <茶> & 杯 ]]> 🍵"}""");
        var started = (await TryStartAsync(number, way)).Must(201);
        return new V2Payment(number, (string)started["out_trade_no"]!, (JsonObject)started["prompt"]!);
    }

    public Task<ApiReply> TryStartAsync(string number, string way = "native") => Api.PostAsync(
        $"/orders/{number}/attempts", $$"""{"channel_account_id":"{{AccountId}}","method":"{{way}}","openid":"{{SandboxNumbers.OpenId}}","client_ip":"203.0.113.7"}""");

    public Task<JsonObject> PayAsync(V2Payment payment, string fault = "none") => ControlAsync("pay", new { out_trade_no = payment.OutTradeNo, fault });

    public Task<JsonObject> SendAgainAsync(V2Payment payment) => ControlAsync("send-again", new { out_trade_no = payment.OutTradeNo });

    /// <summary>Gives money back in the merchant's console at WeChat Pay.</summary>
    public Task<JsonObject> RefundAsync(V2Payment payment, long? amount = null, string fault = "none") =>
        ControlAsync("refunds", new { out_trade_no = payment.OutTradeNo, amount, fault });

    public async Task<JsonObject> ControlAsync(string what, object body)
    {
        using var response = await Api.Http.PostAsJsonAsync($"/sandbox/api/{what}", body);
        return await response.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No answer.");
    }

    /// <summary>Posts as a stranger would.</summary>
    public async Task<string> NotifyAsync(string body)
    {
        using var response = await Api.Http.PostAsync($"/notify/wechat-v2/{AccountId}", new StringContent(body, Encoding.UTF8, "text/xml"));
        Assert.Equal((200, "text/xml"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<JsonObject> OrderAsync(V2Payment payment) => (await Api.GetAsync($"/orders/{payment.Number}")).Must(200);

    public async Task<string> StatusAsync(V2Payment payment) => (string)(await OrderAsync(payment))["status"]!;

    /// <summary>Status and reason of each callback, the oldest first.</summary>
    public async Task<List<(string Status, string Reason)>> CallbacksAsync() =>
        [.. (await Api.GetAsync("/callbacks")).Must(200)["items"]!.AsArray().Reverse().Select(item => ((string)item!["status"]!, (string)item["reason"]!))];

    public async Task<JsonObject> NewestCallbackAsync() =>
        (await Api.GetAsync($"/callbacks/{(string)(await Api.GetAsync("/callbacks")).Must(200)["items"]![0]!["id"]!}")).Must(200);

    /// <summary>The account's signature, computed apart from the product.</summary>
    public string Sign(JsonObject fields, string without) => WeChatPayV2Fixture.Sign(
        fields.Where(field => field.Key != without).Select(field => KeyValuePair.Create(field.Key, (string)field.Value!)), (string)Form["sign_type"]!, (string)Form["key"]!);

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}

internal sealed record V2Payment(string Number, string OutTradeNo, JsonObject Prompt);
