using System.Collections.Concurrent;
using System.Net.Http.Headers;
using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trial;
using MerchantPortal.Tests.Stories;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantPortal.Tests.Operations;

/// <summary>
/// Marked values are put wherever the portal keeps a secret or a free text. After a day's work of every channel no secret is in any log
/// line, page, API answer, export or trace, and no free text or payer is in a log line.
/// </summary>
public sealed class CanaryTests
{
    private const string Password = "canary-password over the quiet river";
    private const string ApiKey = "mp_canary-api-key-0123456789abcdefghijklmn";
    private const string FreeText = "canary-free-text";

    private static readonly string[] Channels = ["wechat-v3", "wechat-v2", "wechat-app", "alipay", "alipay-mapi", "beecloud"];

    [Fact]
    public async Task Nothing_secret_reaches_a_log_line_a_page_an_answer_an_export_or_a_trace()
    {
        using var lines = new Lines();
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Logging:LogLevel:Default", "Debug").Set("Bootstrap:OwnerEmail", "lin@example.com").Set("Bootstrap:OwnerPassword", Password)
            .Set("Bootstrap:ApiKey", ApiKey).Set("Bootstrap:StoreName", "茶铺")
            .ConfigureServices(services => services.AddSingleton<ILoggerProvider>(lines)));
        var secrets = await SecretsAsync(portal);
        await ExampleHistory.MakeAsync(portal);
        await ExampleHistory.SubscribeAsync(portal);
        await WriteTextsAsync(portal);

        var seen = await PagesAsync(portal).Concat(AnswersAsync(portal)).ToListAsync();

        Assert.True(secrets.Count > 15 && seen.Count > 30 && lines.All.Count > 200, $"{secrets.Count} secrets, {seen.Count} texts, {lines.All.Count} lines");
        Assert.Contains(seen, text => text.Text.Contains(FreeText, StringComparison.Ordinal));
        Assert.Empty(from text in seen from secret in secrets where text.Text.Contains(secret.Value, StringComparison.Ordinal) select $"{secret.Name} in {text.Name}");
        Assert.Empty(from line in lines.All from secret in secrets where line.Contains(secret.Value, StringComparison.Ordinal) select $"{secret.Name} in: {line}");
        Assert.DoesNotContain(lines.All, line => line.Contains(FreeText, StringComparison.Ordinal));
    }

    /// <summary>Every secret field of an account of every channel, and the portal's own.</summary>
    private static async Task<List<(string Name, string Value)>> SecretsAsync(PortalFactory portal)
    {
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        var owner = new Actor(store.Id, ActorKind.Person, "7", "林小姐");
        List<(string, string)> secrets = [("password", Password), ("api key", ApiKey)];
        secrets.Add(("made api key", Assert.IsType<CreateApiKeyResult.Created>(await portal.Get<CreateApiKey>().ExecuteAsync("till", ["*"], owner, default)).Key));
        foreach (var channel in Channels)
        {
            Assert.Null(await portal.Get<TrialAccounts>().EnsureAsync(channel, channel, owner, default));
        }

        foreach (var account in await portal.ReadAsync(db => db.ChannelAccounts.ToListAsync()))
        {
            var definition = portal.Get<PaymentChannels>().Definition(account.Channel) ?? throw new InvalidOperationException(account.Channel);
            var form = portal.Get<PaymentChannels>().ReadForm(account);
            secrets.AddRange(definition.Fields.Where(field => field.IsSecret && form[field.Name] is not null)
                .Select(field => ($"{account.Channel}.{field.Name}", Core(form[field.Name]?.ToString() ?? ""))));
        }

        return secrets;
    }

    /// <summary>Of a key in several lines, a piece of the middle that no other key shares.</summary>
    private static string Core(string secret) => secret.Length > 200 && secret.Contains('\n') ? secret.Split('\n')[5].Trim() : secret.Length > 200 ? secret[100..164] : secret;

    private static async Task WriteTextsAsync(PortalFactory portal)
    {
        using var client = Api(portal);
        using var order = new StringContent(
            $$"""{"amount":100,"subject":"{{FreeText}} subject","note":"{{FreeText}} note","metadata":{"k":"{{FreeText}}"},"merchant_order_no":"CANARY-1"}""",
            new MediaTypeHeaderValue("application/json"));
        using var placed = await client.PostAsync(new Uri("api/v1/orders", UriKind.Relative), order);
        using var product = new StringContent($$"""{"name":"{{FreeText}} name","price":100,"description":"{{FreeText}}"}""", new MediaTypeHeaderValue("application/json"));
        using var made = await client.PostAsync(new Uri("api/v1/products", UriKind.Relative), product);
        Assert.True(placed.IsSuccessStatusCode && made.IsSuccessStatusCode, await placed.Content.ReadAsStringAsync());
        var number = await portal.ReadAsync(db => db.Orders.Where(row => row.MerchantOrderNo == "CANARY-1").Select(row => row.Number).SingleAsync());
        using var closed = await client.PostAsync(new Uri($"api/v1/orders/{number}/close", UriKind.Relative), null);
        var callback = await portal.ReadAsync(db => db.Inbox.Select(row => row.Id).FirstAsync());
        using var reason = new StringContent($$"""{"dry_run":false,"reason":"{{FreeText}} reason"}""", new MediaTypeHeaderValue("application/json"));
        using var replayed = await client.PostAsync(new Uri($"api/v1/callbacks/{callback}/replay", UriKind.Relative), reason);
        Assert.True(closed.IsSuccessStatusCode && replayed.IsSuccessStatusCode);
    }

    private static async IAsyncEnumerable<(string Name, string Text)> PagesAsync(PortalFactory portal)
    {
        using var client = new PortalClient(portal.Address);
        using var signedIn = await client.SignInAsync("lin@example.com", Password);
        var things = await portal.ReadAsync(async db => new List<string>(
        [
            "/", "/orders", "/orders/export.csv", "/callbacks", "/products", "/subscriptions", "/settings", "/settings/channels", "/settings/api-keys", "/settings/store", "/audit", "/audit/export.csv",
            .. await db.Orders.Select(row => "/orders/" + row.Number).ToListAsync(),
            .. (await db.Inbox.Select(row => row.Id).ToListAsync()).Concat(await db.RejectedCaptures.Select(row => row.Id).ToListAsync()).Select(id => $"/callbacks/{id}"),
            .. (await db.ChannelAccounts.Select(row => row.Id).ToListAsync()).Select(id => $"/settings/channels/{id}"),
            .. await db.Orders.Select(row => "/pay/" + row.CheckoutToken).ToListAsync(),
        ]));
        foreach (var path in things)
        {
            using var answer = await client.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            yield return (path, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async IAsyncEnumerable<(string Name, string Text)> AnswersAsync(PortalFactory portal)
    {
        using var client = Api(portal);
        var things = await portal.ReadAsync(async db => new List<string>(
        [
            "orders", "products", "channel-accounts", "callbacks", "subscriptions",
            .. (await db.Orders.Select(row => row.Number).ToListAsync()).SelectMany(number => new[] { $"orders/{number}", $"orders/{number}/timeline" }),
            .. (await db.Inbox.Select(row => row.Id).ToListAsync()).Select(id => $"callbacks/{id}"),
        ]));
        foreach (var path in things)
        {
            using var answer = await client.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative));
            yield return ($"API {path}", await answer.Content.ReadAsStringAsync());
        }
    }

    private static HttpClient Api(PortalFactory portal)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        return client;
    }

    /// <summary>Everything that any part of the process logs, exceptions and scopes as well.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            All.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
