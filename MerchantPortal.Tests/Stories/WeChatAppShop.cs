using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Api;
using MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Stories;

/// <summary>The server of an old app: it speaks to the portal over the API, and the sandbox is WeChat of 2014. Time stands still unless moved.</summary>
internal sealed class WeChatAppShop : IAsyncDisposable
{
    private readonly JsonObject _form;

    private WeChatAppShop(ApiShop api, FakeTimeProvider clock, JsonObject form, string accountId) => (Api, Clock, _form, AccountId) = (api, clock, form, accountId);

    public ApiShop Api { get; }

    public FakeTimeProvider Clock { get; }

    public string AccountId { get; }

    public static async Task<WeChatAppShop> OpenAsync(Action<PortalFactory>? configure = null, bool liveClock = false)
    {
        var clock = new FakeTimeProvider();
        var api = await ApiShop.OpenAsync(configure: factory =>
        {
            if (!liveClock)
            {
                factory.WithClock(clock);
            }

            configure?.Invoke(factory);
        });
        using var registered = await api.Http.PostAsJsonAsync("/sandbox/api/merchants", new { channel = "wechat-app" });
        var form = await registered.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No merchant.");
        var account = (JsonObject)form.DeepClone();
        (account["channel"], account["name"], account["mode"]) = ("wechat-app", "老 App", "test");
        var saved = (await api.PostAsync("/channel-accounts", account.ToJsonString())).Must(201);
        return new WeChatAppShop(api, clock, form, (string)saved["id"]!);
    }

    /// <summary>Starts a payment of ¥1.00 in the app.</summary>
    public async Task<AppPayment> StartAsync(string? number = null, string order = """{"amount":100,"subject":"龙井 茶&杯"}""")
    {
        number ??= await Api.PlaceAsync(order);
        var started = (await TryStartAsync(number)).Must(201);
        return new AppPayment(number, (string)started["out_trade_no"]!, (JsonObject)started["prompt"]!);
    }

    public Task<ApiReply> TryStartAsync(string number) => Api.PostAsync(
        $"/orders/{number}/attempts", $$"""{"channel_account_id":"{{AccountId}}","method":"app","client_ip":"203.0.113.7"}""");

    /// <summary>The payer confirms on the phone; the notifications that were due have been answered.</summary>
    public Task PayAsync(AppPayment payment, string fault = "none") => ControlAsync("pay", new { out_trade_no = payment.OutTradeNo, fault });

    public Task SendAgainAsync(AppPayment payment) => ControlAsync("send-again", new { out_trade_no = payment.OutTradeNo });

    public async Task<JsonObject> ControlAsync(string what, object body)
    {
        using var response = await Api.Http.PostAsJsonAsync($"/sandbox/api/{what}", body);
        return await response.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No answer.");
    }

    public async Task<string> StatusAsync(AppPayment payment) => (string)(await Api.GetAsync($"/orders/{payment.Number}")).Must(200)["status"]!;

    /// <summary>Status and reason of each callback, the oldest first.</summary>
    public async Task<List<(string Status, string Reason)>> CallbacksAsync() =>
        [.. (await Api.GetAsync("/callbacks")).Must(200)["items"]!.AsArray().Reverse().Select(item => ((string)item!["status"]!, (string)item["reason"]!))];

    public async Task<IEnumerable<string>> TimelineAsync(AppPayment payment) =>
        (await Api.GetAsync($"/orders/{payment.Number}/timeline")).Must(200)["items"]!.AsArray().Select(item => (string)item!["kind"]!);

    public Task ReportDeliveriesAsync() => Api.Portal.Get<DeliveryReporter>().RunOnceAsync(CancellationToken.None);

    /// <returns>False when there was nothing to report, or somebody else was first.</returns>
    public async Task<bool> ReportDeliveryAsync(AppPayment payment)
    {
        var attempt = await Api.Portal.ReadAsync(db => db.Attempts.AsNoTracking().SingleAsync(row => row.OutTradeNo == payment.OutTradeNo));
        return await Api.Portal.Get<ReportDelivery>().ExecuteAsync(attempt.Id, attempt.StoreId, CancellationToken.None);
    }

    /// <summary>How many delivery reports WeChat has of a payment.</summary>
    public async Task<int> ReportsAsync(AppPayment payment)
    {
        var trades = await Api.Http.GetFromJsonAsync<JsonObject>("/sandbox/api/trades") ?? [];
        var trade = trades["items"]!.AsArray().Single(item => (string)item!["out_trade_no"]! == payment.OutTradeNo);
        return trade!["delivery_reports"]!.AsArray().Count;
    }

    /// <summary>How often anybody asked WeChat for an access token today.</summary>
    public async Task<int> TokenCallsAsync()
    {
        await using var db = Api.Portal.Get<SandboxWriter>().CreateDbContext();
        return await db.Tokens.Select(row => row.Fetches).SingleOrDefaultAsync();
    }

    /// <summary>Another system of the merchant fetches a token, which kills the portal's.</summary>
    public async Task KillTokenAsync()
    {
        var told = await Api.Http.GetFromJsonAsync<JsonObject>(
            $"/sandbox/wechat-app/cgi-bin/token?grant_type=client_credential&appid={_form["app_id"]}&secret={_form["app_secret"]}");
        Assert.NotNull((string?)told?["access_token"]);
    }

    /// <summary>Sends the newest message of a payment once more, with its address as it was and without its body.</summary>
    public async Task NotifyWithoutBodyAsync(AppPayment payment)
    {
        var query = await Api.Portal.ReadAsync(db => db.Inbox.Where(row => row.OutTradeNo == payment.OutTradeNo).OrderBy(row => row.Id).Select(row => row.QueryString).FirstAsync());
        using var content = new ByteArrayContent([]);
        using var response = await Api.Http.PostAsync(new Uri($"/notify/wechat-app/{AccountId}{query}", UriKind.Relative), content);
        Assert.Equal("success", await response.Content.ReadAsStringAsync());
    }

    /// <summary>What the phone's kit checks, computed apart from the product.</summary>
    public string PhoneSignature(JsonObject parameters)
    {
        var fields = parameters.Where(member => member.Key != "sign").Select(member => (member.Key, Value: (string)member.Value!))
            .Append((Key: "appkey", Value: (string)_form["pay_sign_key"]!)).OrderBy(field => field.Key, StringComparer.Ordinal);
        return WeChatLegacyAppFixture.Sha1(string.Join('&', fields.Select(field => $"{field.Key}={field.Value}")));
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}

internal sealed record AppPayment(string Number, string OutTradeNo, JsonObject Prompt);
