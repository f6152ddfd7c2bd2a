using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Tests.Api;

namespace MerchantPortal.Tests.Stories;

/// <summary>A merchant's system whose test account is one of Alipay's old interface at the sandbox.</summary>
internal sealed class MapiShop(ApiShop api, JsonObject form, string accountId) : IAsyncDisposable
{
    public ApiShop Api => api;

    public string AccountId => accountId;

    public string Key => (string?)form["key"] ?? "";

    public static async Task<MapiShop> OpenAsync(string signType, TimeProvider? clock = null)
    {
        var api = await ApiShop.OpenAsync(configure: portal =>
        {
            if (clock is not null)
            {
                portal.WithClock(clock);
            }
        });
        using var registered = await api.Http.PostAsJsonAsync("/sandbox/api/merchants", new { channel = "alipay-mapi", variant = signType });
        var form = await registered.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException();
        (form["channel"], form["name"], form["mode"]) = ("alipay-mapi", "旧签约", "test");
        var account = (await api.PostAsync("/channel-accounts", form.ToJsonString())).Must(201);
        return new MapiShop(api, form, (string?)account["id"] ?? "");
    }

    public async Task<MapiTrade> StartAsync(string method, string bank = "", string? number = null)
    {
        number ??= (string?)(await api.PostAsync("/orders", """{"amount":12840,"subject":"明前龙井 50g & \"茶具\"/杯","mode":"test"}""")).Must(201)["number"] ?? "";
        var more = bank.Length > 0 ? $",\"bank\":\"{bank}\"" : "";
        var started = (await api.PostAsync($"/orders/{number}/attempts", $$"""{"channel_account_id":"{{accountId}}","method":"{{method}}"{{more}}}""")).Must(201);
        return new MapiTrade(number, (string?)started["out_trade_no"] ?? "", started["prompt"]!.AsObject());
    }

    /// <summary>The buyer's browser, or the app, takes the order to Alipay.</summary>
    /// <returns>The cashier's page; empty for an app.</returns>
    public async Task<string> ArriveAsync(MapiTrade trade)
    {
        if ((string?)trade.Prompt["kind"] == "app")
        {
            Assert.Equal("opened", (string?)(await ControlAsync("app", new { order_string = (string?)trade.Prompt["params"]!["order_string"] }))["result"]);
            return "";
        }

        return await api.Http.GetStringAsync(new Uri((string?)trade.Prompt["url"] ?? ""));
    }

    public async Task<string?> PayAsync(MapiTrade trade, string? fault = null) =>
        (string?)(await ControlAsync("pay", new { out_trade_no = trade.OutTradeNo, fault }))["result"];

    public async Task<JsonObject> ControlAsync(string what, object body)
    {
        using var response = await api.Http.PostAsJsonAsync($"/sandbox/api/{what}", body);
        return await response.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException();
    }

    public async Task<JsonObject> OrderAsync(MapiTrade trade) => (await api.GetAsync($"/orders/{trade.Number}")).Must(200);

    public async Task<JsonObject> NewestCallbackAsync()
    {
        var newest = (await api.GetAsync("/callbacks?limit=1")).Must(200)["items"]![0]!["id"];
        return (await api.GetAsync($"/callbacks/{newest}")).Must(200);
    }

    public async Task<IReadOnlyList<JsonObject>> CallbacksAsync() =>
        [.. (await api.GetAsync("/callbacks?limit=100")).Must(200)["items"]!.AsArray().Select(callback => callback!.AsObject())];

    public async Task<int> CountAsync(string status) => (await api.GetAsync($"/callbacks?status={status}")).Must(200)["items"]!.AsArray().Count;

    public async Task ChangeKeyAsync(string key)
    {
        var changed = (JsonObject)form.DeepClone();
        changed["key"] = key;
        (await api.SendAsync(HttpMethod.Put, $"/channel-accounts/{accountId}", changed.ToJsonString())).Must(200);
    }

    public async Task<string> TradeNoAsync(MapiTrade trade)
    {
        var trades = await api.Http.GetFromJsonAsync<JsonObject>("/sandbox/api/trades") ?? throw new InvalidOperationException();
        var known = trades["items"]!.AsArray().Single(item => (string?)item!["out_trade_no"] == trade.OutTradeNo)!;
        return (string?)known["transaction_ids"]!.AsArray().FirstOrDefault() ?? "T-UNPAID";
    }

    /// <summary>A message signed with the merchant's own key, which Alipay never sent.</summary>
    public async Task<string> NotifyAsync(MapiTrade trade, string tradeNo)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["notify_type"] = "trade_status_sync",
            ["notify_id"] = "made%2Fup",
            ["out_trade_no"] = trade.OutTradeNo,
            ["trade_no"] = tradeNo,
            ["trade_status"] = "TRADE_SUCCESS",
            ["total_fee"] = "128.40",
            ["seller_id"] = (string?)form["partner"] ?? "",
            ["gmt_payment"] = "2026-12-31 12:00:01",
        };
        var text = string.Join('&', fields.Select(field => $"{field.Key}={field.Value}")) + Key;
        fields["sign"] = Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(text)));
        fields["sign_type"] = "MD5";
        using var content = new FormUrlEncodedContent(fields);
        using var response = await api.Http.PostAsync(new Uri($"/notify/alipay-mapi/{accountId}", UriKind.Relative), content);
        return await response.Content.ReadAsStringAsync();
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();
}

/// <param name="Number">The order's.</param>
/// <param name="Prompt">What the buyer was given.</param>
internal sealed record MapiTrade(string Number, string OutTradeNo, JsonObject Prompt);
