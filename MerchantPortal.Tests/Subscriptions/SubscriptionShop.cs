using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Subscriptions;
using MerchantPortal.Tests.Payments.Channels.BeeCloud;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MerchantPortal.Tests.Subscriptions;

/// <summary>A portal with a live BeeCloud account whose gateway is played here, on a clock that stands still. Webhooks come over real HTTP.</summary>
internal sealed class SubscriptionShop : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly Guid _accountId;

    private SubscriptionShop(PortalFactory portal, FakeTimeProvider time, ConcurrentDictionary<string, string> bills, Store store, Guid accountId)
    {
        (Portal, Time, Bills, Store, _accountId) = (portal, time, bills, store, accountId);
        _http = portal.CreateClient();
    }

    public PortalFactory Portal { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>What BeeCloud knows: number → bill. Without the number it knows nothing.</summary>
    public ConcurrentDictionary<string, string> Bills { get; }

    public Store Store { get; }

    public Actor Staff => new(Store.Id, ActorKind.Person, "1", "Li Wei");

    public Guid AccountId => _accountId;

    public static async Task<SubscriptionShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var time = new FakeTimeProvider(BeeCloudFixture.Now);
        var bills = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var portal = await PortalFactory.StartAsync(provider, factory => factory.WithClock(time)
            .ConfigureServices(services => services.AddHttpClient(GatewayResilience.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => Play(bills)))
            .ConfigureServices(RemoveBackgroundWork));
        var store = new Store { Name = "茶铺" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return new SubscriptionShop(portal, time, bills, store, await AddAccountAsync(portal, store.Id));
    }

    public static async Task<Guid> AddAccountAsync(PortalFactory portal, Guid storeId)
    {
        var channels = portal.Get<PaymentChannels>();
        var id = Guid.CreateVersion7();
        var valid = Assert.IsType<ChannelFormResult.Valid>(channels.Definition("beecloud")?.Read(BeeCloudFixture.Form()));
        await portal.WriteAsync(db => db.ChannelAccounts.Add(new ChannelAccount
        {
            Id = id,
            StoreId = storeId,
            Channel = "beecloud",
            Name = "BeeCloud",
            Mode = PaymentMode.Live,
            MerchantId = valid.MerchantId,
            AppId = valid.AppId,
            SealedCredentials = channels.SealForm(storeId, id, valid.Normalised),
            FingerprintsJson = "{}",
            CreatedAt = DateTimeOffset.UnixEpoch,
        }));
        return id;
    }

    public void Collect(string number, long fee = 2_900, bool paid = true) => Bills[number] =
        $$"""{"bill_no":"{{number}}","total_fee":{{fee}},"trade_no":"T-{{number}}","sub_channel":"BC_SUBSCRIPTION","spay_result":{{(paid ? "true" : "false")}}}""";

    /// <summary>BeeCloud cannot be asked about this bill.</summary>
    public void Silence(string number) => Bills[number] = "";

    /// <param name="offset">From the shop's clock to the timestamp that is signed.</param>
    public string Charge(string number, TimeSpan offset = default, long fee = 2_900, bool succeeded = true, string detail = Detail) =>
        Body("PAY", number, offset, fee, succeeded, detail);

    public string Registration(string number = "sub-1", TimeSpan offset = default, bool succeeded = true) =>
        Body("SUBSCRIPTION", number, offset, 0, succeeded, Detail);

    public async Task<string> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.PostAsync(new Uri($"/notify/beecloud/{_accountId:N}/subscription", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public Task<List<InboxEntry>> InboxAsync() => Portal.ReadAsync(db => db.Inbox.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<string>> RejectedAsync() => Portal.ReadAsync(db => db.RejectedCaptures.OrderBy(row => row.Id).Select(row => row.Reason).ToListAsync());

    public Task<List<SubscriptionCharge>> ChargesAsync() => Portal.ReadAsync(db => db.SubscriptionCharges.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<Subscription>> SubscriptionsAsync() => Portal.ReadAsync(db => db.Subscriptions.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public async Task RetryAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(2));
        await Portal.Get<DeferredNotificationRetry>().RunOnceAsync(CancellationToken.None);
    }

    public Task<ReplayResult?> ReplayAsync(Guid captureId, bool dryRun) =>
        Portal.Get<ReplayNotification>().ExecuteAsync(captureId, dryRun, dryRun ? null : "checked at BeeCloud", Staff, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Portal.DisposeAsync();
    }

    private const string Detail =
        """{"subscription_id":"sub-1","plan_id":"plan-1","buyer_id":"u1","card_id":"card-1","bank_name":"招商银行","card_no":"6225880137706688","id_name":"张三","id_no":"110101199003070011","mobile":"13800138000"}""";

    private string Body(string type, string number, TimeSpan offset, long fee, bool succeeded, string detail)
    {
        var timestamp = (Time.GetUtcNow() + offset).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var sign = BeeCloudFixture.Md5(BeeCloudFixture.AppId + BeeCloudFixture.AppSecret + timestamp);
        return $$"""{"sign":"{{sign}}","timestamp":{{timestamp}},"channel_type":"BC","sub_channel_type":"BC_SUBSCRIPTION","transaction_type":"{{type}}","transaction_id":"{{number}}","transaction_fee":{{fee}},"trade_success":{{(succeeded ? "true" : "false")}},"message_detail":{{detail}},"optional":{} }""";
    }

    private static BeeCloudStub Play(ConcurrentDictionary<string, string> bills) => new(fields =>
        bills.TryGetValue((string?)fields["bill_no"] ?? "", out var bill) && bill.Length == 0
            ? new HttpResponseMessage(HttpStatusCode.InternalServerError)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(BeeCloudFixture.Bills(bill is null ? [] : [bill])) });

    private static void RemoveBackgroundWork(IServiceCollection services)
    {
        foreach (var own in services.Where(descriptor => descriptor.ServiceType == typeof(IHostedService)
            && (descriptor.ImplementationType ?? descriptor.ImplementationFactory?.GetType().GenericTypeArguments[1])?.Assembly == typeof(PortalWriter).Assembly).ToList())
        {
            services.Remove(own);
        }
    }
}
