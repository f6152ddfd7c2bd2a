using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Api;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>A merchant's system whose test account is a WeChat Pay account at the sandbox.</summary>
internal sealed class WeChatApiShop : IAsyncDisposable
{
    private JsonObject _form = [];

    private WeChatApiShop(ApiShop api) => Api = api;

    public ApiShop Api { get; }

    public Guid AccountId { get; private set; }

    public string AppSecret { get; private set; } = "";

    /// <param name="form">Changes the account's form before it is saved.</param>
    public static async Task<WeChatApiShop> OpenAsync(Action<PortalFactory>? configure = null, Action<JsonObject>? form = null)
    {
        var shop = new WeChatApiShop(await ApiShop.OpenAsync(configure: configure));
        var fields = await shop.ControlAsync("merchants", new JsonObject { ["channel"] = "wechat-v3" });
        shop.AppSecret = (string?)fields["app_secret"] ?? "";
        form?.Invoke(fields);
        (fields["channel"], fields["name"], fields["mode"]) = ("wechat-v3", "微信", "test");
        shop._form = fields;
        shop.AccountId = (Guid)(await shop.Api.PostAsync("/channel-accounts", fields.ToJsonString())).Must(201)["id"]!;
        return shop;
    }

    /// <param name="more">Members of the request, with a comma in front; null for all that the way needs.</param>
    public Task<ApiReply> StartAsync(string number, string way, string? more = null) => Api.PostAsync(
        $"/orders/{number}/attempts",
        $$"""{"channel_account_id":"{{AccountId}}","method":"{{way}}"{{more ?? $$""","openid":"{{SandboxNumbers.OpenId}}","client_ip":"203.0.113.7" """}}}""");

    public async Task<string?> StatusAsync(string number) => (string?)(await Api.GetAsync($"/orders/{number}")).Must(200)["status"];

    public async Task<JsonObject> OnlyCallbackAsync() =>
        Assert.Single((await Api.GetAsync("/callbacks")).Must(200)["items"]?.AsArray() ?? [])?.AsObject() ?? [];

    public Task<JsonObject> PayAsync(string prepayId, string? fault = null) =>
        ControlAsync("pay", new JsonObject { ["prepay_id"] = prepayId, ["fault"] = fault });

    /// <summary>Saves the account's form again.</summary>
    public async Task SaveAsync(Action<JsonObject> change)
    {
        change(_form);
        (await Api.SendAsync(HttpMethod.Put, $"/channel-accounts/{AccountId}", _form.ToJsonString())).Must(200);
    }

    /// <summary>Completes when everything that the sandbox has to send by now has been answered.</summary>
    public Task QuietAsync() => Api.Portal.Get<NotificationPump>().WhenQuietAsync(CancellationToken.None).WaitAsync(Patience.Limit);

    public async Task<JsonObject> ControlAsync(string what, JsonObject body)
    {
        using var response = await Api.Http.PostAsJsonAsync(new Uri(Api.Portal.Address, $"sandbox/api/{what}"), body);
        return await response.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No answer.");
    }

    public async Task<IPaymentChannel> ChannelAsync() =>
        (await Api.Portal.Get<PaymentChannels>().FindAsync(AccountId, CancellationToken.None) ?? throw new InvalidOperationException("No account.")).Channel;

    /// <summary>The browser's way through WeChat and back.</summary>
    /// <returns>The code that it brought.</returns>
    public async Task<string> AuthorizeAsync(IPayerIdentification payer, string path, string state)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var back = new Uri(Api.Portal.Address, path);
        using var response = await http.GetAsync(payer.AuthorizeUrl(back, state));
        var brought = response.Headers.Location ?? throw new InvalidOperationException($"{response.StatusCode}");
        var query = QueryHelpers.ParseQuery(brought.Query);
        Assert.StartsWith(back.AbsoluteUri, brought.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(state, query["state"].ToString());
        return query["code"].ToString();
    }

    public static string PrepayIdOf(JsonNode? prompt) =>
        (string?)prompt?["params"]?["prepayid"]
        ?? ((string?)prompt?["params"]?["package"])?.Split('=')[1]
        ?? QueryHelpers.ParseQuery(new Uri((string?)prompt?["url"] ?? "").Query)["prepay_id"].ToString();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
