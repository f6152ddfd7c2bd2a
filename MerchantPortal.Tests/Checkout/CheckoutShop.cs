using System.Text.RegularExpressions;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Checkout;

/// <summary>A running portal with one shop, one account at the fake gateway, and a buyer without cookies.</summary>
internal sealed class CheckoutShop : IDisposable
{
    public const string Desktop = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
    public const string InWeChat = Phone + " MicroMessenger/8.0.50";
    public const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

    private CheckoutShop(PortalFactory portal, FakeGateway gateway, Store store) => (Portal, Gateway, Store) = (portal, gateway, store);

    public PortalFactory Portal { get; }

    public FakeGateway Gateway { get; }

    public Store Store { get; }

    public FakeTimeProvider? Clock { get; private init; }

    /// <summary>The enabled account; null until <see cref="AddAccountAsync"/>.</summary>
    public ChannelAccount? Account { get; private set; }

    public static async Task<CheckoutShop> OpenAsync(bool standingClock = false, bool withAccount = true, DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var gateway = new FakeGateway();
        var clock = standingClock ? new FakeTimeProvider() : null;
        var portal = await PortalFactory.StartAsync(provider, factory =>
        {
            factory.ConfigureServices(gateway.Register);
            if (clock is not null)
            {
                factory.WithClock(clock);
            }
        });
        var store = new Store { Name = "山茶小铺", SupportContact = "021-5555 0100" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var shop = new CheckoutShop(portal, gateway, store) { Clock = clock };
        if (withAccount)
        {
            await shop.AddAccountAsync();
        }

        return shop;
    }

    public async Task AddAccountAsync(PaymentMode mode = PaymentMode.Test) => Account = await FakeGateway.AddAccountAsync(Portal, Store.Id, mode);

    /// <summary>From now on every create call is answered with a prompt of its own, good for so long.</summary>
    public void MakePromptsGoodFor(TimeSpan life)
    {
        var made = 0;
        Gateway.OnCreate = request =>
        {
            Gateway.Trades.TryAdd(request.OutTradeNo, new FakeTrade(request.OutTradeNo, request.Amount));
            var text = new Uri(Portal.Get<PaymentChannels>().GatewayOf(Account ?? throw new InvalidOperationException("No account.")), $"cashier?no={request.OutTradeNo}&pr={++made}").AbsoluteUri;
            var prompt = request.Method switch
            {
                PaymentMethod.Native => PaymentPrompt.Qr(text),
                PaymentMethod.Jsapi => PaymentPrompt.Jsapi(new Dictionary<string, string> { ["package"] = $"prepay_id={made}" }),
                _ => PaymentPrompt.Redirect(text),
            };
            return new CreateResult.Prompted(prompt with { GoodUntil = Portal.Get<TimeProvider>().GetUtcNow() + life });
        };
    }

    /// <param name="amount">分.</param>
    public async Task<Order> PlaceOrderAsync(long amount = 12_800, string? returnUrl = null, PaymentMode mode = PaymentMode.Test) =>
        Assert.IsType<PlaceOrderResult.Placed>(await Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(mode, [], Amount: amount, Subject: "凤凰单丛 100 g", ReturnUrl: returnUrl), Actor.System(Store.Id), CancellationToken.None)).Order;

    /// <summary>A buyer's browser: follows no redirect by itself, keeps no cookie.</summary>
    public HttpClient Buyer(string userAgent = Desktop, string language = "zh-CN,zh;q=0.9")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Portal.Address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public Task<List<PaymentAttempt>> AttemptsAsync(Order order) =>
        Portal.ReadAsync(db => db.Attempts.AsNoTracking().Where(row => row.OrderId == order.Id).OrderBy(row => row.Id).ToListAsync());

    public Task<Order> ReadAsync(Order order) => Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == order.Id));

    /// <summary>The buyer pays the open attempt; the gateway's signed message arrives.</summary>
    public async Task PayAsync(Order order)
    {
        var open = (await AttemptsAsync(order)).Last();
        using var client = Portal.CreateClient();
        using var answer = await client.SendAsync(FakeGateway.Notify(Account ?? throw new InvalidOperationException("No account."), Gateway.Pay(open.OutTradeNo)));
        Assert.True(answer.IsSuccessStatusCode, $"The notification was answered with {answer.StatusCode}.");
    }

    public static FormUrlEncodedContent Choose(string method, string? bank = null) => new(bank is null
        ? new Dictionary<string, string> { ["method"] = method }
        : new Dictionary<string, string> { ["method"] = method, ["bank"] = bank });

    public static bool ShowsCode(string html) => Regex.IsMatch(html, "class=\"qr-code\"");

    public void Dispose() => Portal.Dispose();
}
