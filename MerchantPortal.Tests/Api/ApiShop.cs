using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Api;

/// <summary>A portal as a merchant's system sees it: one store, one key, one account of the fake channel, over real HTTP.</summary>
internal sealed class ApiShop : IAsyncDisposable
{
    private readonly HttpClient _http;

    private ApiShop(PortalFactory portal, FakeGateway gateway, Guid storeId, string key)
    {
        (Portal, Gateway, StoreId, Key) = (portal, gateway, storeId, key);
        _http = portal.CreateClient();
    }

    public PortalFactory Portal { get; }

    public FakeGateway Gateway { get; }

    public Guid StoreId { get; }

    public string Key { get; }

    public ChannelAccount Account { get; private set; } = null!;

    public HttpClient Http => _http;

    public static async Task<ApiShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, Action<PortalFactory>? configure = null)
    {
        var gateway = new FakeGateway();
        var portal = await PortalFactory.StartAsync(provider, factory =>
        {
            factory.ConfigureServices(gateway.Register);
            configure?.Invoke(factory);
        });
        var (storeId, key) = await AddStoreAsync(portal, "茶铺");
        return new ApiShop(portal, gateway, storeId, key) { Account = await FakeGateway.AddAccountAsync(portal, storeId) };
    }

    /// <summary>Another tenant of the same portal.</summary>
    public async Task<ApiShop> OtherStoreAsync()
    {
        var (storeId, key) = await AddStoreAsync(Portal, "别家");
        return new ApiShop(Portal, Gateway, storeId, key) { Account = await FakeGateway.AddAccountAsync(Portal, storeId) };
    }

    public async Task<string> AddKeyAsync(params string[] scopes) => await KeyAsync(Portal, StoreId, scopes);

    public Task<ApiReply> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    public Task<ApiReply> PostAsync(string path, string? json = null, string? idempotencyKey = null, string? key = null) =>
        SendAsync(HttpMethod.Post, path, json, key, idempotencyKey);

    public async Task<ApiReply> SendAsync(HttpMethod method, string path, string? json, string? key = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1{path}");
        request.Headers.Authorization = key == "" ? null : new AuthenticationHeaderValue("Bearer", key ?? Key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _http.SendAsync(request);
        return await ApiReply.ReadAsync(response);
    }

    /// <summary>A new order over ¥1.00.</summary>
    public async Task<string> PlaceAsync(string body = """{"amount":100,"subject":"龙井"}""") =>
        (string)(await PostAsync("/orders", body)).Must(201)["number"]!;

    public Task<ApiReply> StartAsync(string number, string method = "native", string more = "") =>
        PostAsync($"/orders/{number}/attempts", $$"""{"channel_account_id":"{{Account.Id}}","method":"{{method}}"{{more}}}""");

    public async Task AssertInvariantsAsync() =>
        Assert.All(await Portal.Get<InvariantCheck>().RunAsync(CancellationToken.None), verdict => Assert.True(verdict.Holds, verdict.ToString()));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Portal.DisposeAsync();
    }

    private static async Task<(Guid StoreId, string Key)> AddStoreAsync(PortalFactory portal, string name)
    {
        var store = new Store { Name = name, CreatedAt = portal.Get<TimeProvider>().GetUtcNow() };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return (store.Id, await KeyAsync(portal, store.Id, [ApiScopes.Everything]));
    }

    private static async Task<string> KeyAsync(PortalFactory portal, Guid storeId, string[] scopes) =>
        Assert.IsType<CreateApiKeyResult.Created>(await portal.Get<CreateApiKey>()
            .ExecuteAsync("test", scopes, new Actor(storeId, ActorKind.Person, "1", "小李"), CancellationToken.None)).Key;
}

/// <summary>What came back.</summary>
internal sealed record ApiReply(int Status, string? ContentType, string Text, HttpResponseHeaders Headers)
{
    public JsonObject Json => JsonNode.Parse(Text) as JsonObject ?? throw new InvalidOperationException($"Not an object: {Text}");

    public string? Code => (string?)Json["code"];

    public static async Task<ApiReply> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);

    public JsonObject Must(int status)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        return Json;
    }

    public void MustFail(int status, string code)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Code);
    }
}
