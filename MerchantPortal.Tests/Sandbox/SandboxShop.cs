using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>A shop with test accounts at the sandbox: the portal's real channels on one side, the sandbox on the other, HTTP between.</summary>
internal sealed class SandboxShop : IAsyncDisposable
{
    public const long Price = 12_840;

    private readonly Guid _storeId;
    private readonly Dictionary<string, Guid> _accounts = [];

    private SandboxShop(PortalFactory portal, Guid storeId, HttpClient http) => (Portal, _storeId, Http) = (portal, storeId, http);

    public PortalFactory Portal { get; }

    /// <summary>Follows no redirects.</summary>
    public HttpClient Http { get; }

    public static async Task<SandboxShop> OpenAsync(Action<PortalFactory>? configure = null, DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var portal = await PortalFactory.StartAsync(provider, configure);
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var shop = new SandboxShop(portal, store.Id, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = portal.Address });
        await shop.AddAccountAsync("wechat-v3");
        await shop.AddAccountAsync("alipay");
        await shop.AddAccountAsync("alipay-mapi");
        await shop.AddAccountAsync("beecloud");
        return shop;
    }

    public async Task<Order> PlaceOrderAsync(TimeSpan? expiresIn = null) => Assert.IsType<PlaceOrderResult.Placed>(await Portal.Get<PlaceOrder>().ExecuteAsync(
        new NewOrder(PaymentMode.Test, [], Amount: Price, Subject: "明前龙井 50g & 茶具/杯", ExpiresIn: expiresIn), Actor.System(_storeId), CancellationToken.None)).Order;

    public Task<StartPaymentResult> TryStartAsync(Order order, string channel, PaymentMethod method) => Portal.Get<StartPayment>().ExecuteAsync(
        new StartPaymentRequest(order.Id, _accounts[channel], method, "203.0.113.7", SandboxNumbers.OpenId), Actor.System(_storeId), CancellationToken.None);

    /// <summary>An order whose trade the buyer has in the wallet.</summary>
    public async Task<OpenTrade> StartAsync(string channel = "wechat-v3", PaymentMethod method = PaymentMethod.Native, TimeSpan? expiresIn = null, Order? of = null)
    {
        var order = of ?? await PlaceOrderAsync(expiresIn);
        var started = Assert.IsType<StartPaymentResult.Started>(await TryStartAsync(order, channel, method));
        var prompt = JsonSerializer.Deserialize<PaymentPrompt>(started.Attempt.PromptJson ?? "") ?? throw new InvalidOperationException("No prompt.");
        if (prompt.Params?.GetValueOrDefault("order_string") is { } orderString)
        {
            var opened = await ControlAsync("app", new { order_string = orderString });
            return new OpenTrade(order, started.Attempt, new Uri(Portal.Address, $"/sandbox/wallet/{opened["trade"]?["code"]}"));
        }

        var address = prompt.CodeUrl ?? prompt.Url ?? WalletOf(prompt);
        using var page = await Http.GetAsync(new Uri(address));
        var wallet = page.Headers.Location is { } cashier ? new Uri(Portal.Address, cashier) : new Uri(address);
        return new OpenTrade(order, started.Attempt, new Uri(wallet.GetLeftPart(UriPartial.Path)));
    }

    /// <summary>What WeChat itself opens when a page or an app hands it the parameters.</summary>
    private string WalletOf(PaymentPrompt prompt)
    {
        var parameters = prompt.Params ?? throw new InvalidOperationException("Nothing to open.");
        var prepayId = parameters.TryGetValue("prepayid", out var bare) ? bare : parameters["package"].Split('=')[1];
        return new Uri(Portal.Address, $"sandbox/wallet/{prepayId}").AbsoluteUri;
    }

    /// <summary>Presses “pay” in the wallet or the cashier, and waits until the notifications that were due have been answered.</summary>
    public async Task<Uri> PayAsync(OpenTrade trade, string fault = "")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["fault"] = fault });
        using var response = await Http.PostAsync(new Uri($"{trade.Wallet}/pay"), form);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, response.StatusCode);
        await QuietAsync();
        return new Uri(Portal.Address, response.Headers.Location ?? Portal.Address);
    }

    public Task QuietAsync() => Portal.Get<NotificationPump>().WhenQuietAsync(CancellationToken.None).WaitAsync(Patience.Limit);

    public async Task<JsonObject> ControlAsync(string what, object body)
    {
        using var response = await Http.PostAsJsonAsync(new Uri($"sandbox/api/{what}", UriKind.Relative), body);
        return await response.Content.ReadFromJsonAsync<JsonObject>() ?? throw new InvalidOperationException("No answer.");
    }

    public Task<Order> OrderAsync(OpenTrade trade) => Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == trade.Order.Id));

    /// <summary>What the portal made of each message, in order of arrival; proven ones and others.</summary>
    public async Task<List<(CallbackStatus Status, string Reason)>> CallbacksAsync()
    {
        var proven = await Portal.ReadAsync(db => db.Inbox.AsNoTracking().ToListAsync<Capture>());
        var unproven = await Portal.ReadAsync(db => db.RejectedCaptures.AsNoTracking().ToListAsync<Capture>());
        return [.. proven.Concat(unproven).OrderBy(row => row.Id).Select(row => (row.Status, row.Reason))];
    }

    public async Task<OpenAccount> AccountAsync(string channel) =>
        await Portal.Get<PaymentChannels>().FindAsync(_accounts[channel], CancellationToken.None) ?? throw new InvalidOperationException("No such account.");

    public Task<QueryOutcome> QueryAsync(OpenTrade trade) =>
        Portal.Get<QueryAttempt>().ExecuteAsync(trade.Attempt.Id, Actor.System(_storeId), CancellationToken.None);

    public Task<CloseOrderResult> CloseAsync(OpenTrade trade) =>
        Portal.Get<CloseOrder>().ExecuteAsync(trade.Order.Id, Actor.System(_storeId), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Portal.DisposeAsync();
    }

    /// <summary>A fresh account, in the place of the one that the channel had.</summary>
    public async Task AddAccountAsync(string channel, string variant = "")
    {
        var form = await Portal.Get<RegisterSandboxMerchant>().ExecuteAsync(channel, variant, CancellationToken.None) ?? throw new InvalidOperationException(channel);
        var channels = Portal.Get<PaymentChannels>();
        var read = channels.Definition(channel)?.Read(form);
        var valid = Assert.IsType<ChannelFormResult.Valid>(read);
        var id = _accounts[channel] = Guid.CreateVersion7();
        await Portal.WriteAsync(db => db.ChannelAccounts.Add(new ChannelAccount
        {
            Id = id,
            StoreId = _storeId,
            Channel = channel,
            Name = channel,
            Mode = PaymentMode.Test,
            MerchantId = valid.MerchantId,
            AppId = valid.AppId,
            SealedCredentials = channels.SealForm(_storeId, id, valid.Normalised),
            FingerprintsJson = "{}",
            CreatedAt = DateTimeOffset.UnixEpoch,
        }));
    }
}

/// <param name="Wallet">The wallet's or the cashier's page.</param>
internal sealed record OpenTrade(Order Order, PaymentAttempt Attempt, Uri Wallet);
