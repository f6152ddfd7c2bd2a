using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>A portal with one store, one fake account and a clock that stands still; callbacks arrive over real HTTP.</summary>
internal sealed class NotificationFixture : IDisposable
{
    private NotificationFixture(PortalFactory portal, FakeGateway gateway, FakeTimeProvider time, Store store, ChannelAccount account)
    {
        (Portal, Gateway, Time, Store, Account) = (portal, gateway, time, store, account);
        Client = portal.CreateClient();
    }

    public PortalFactory Portal { get; }

    public FakeGateway Gateway { get; }

    public FakeTimeProvider Time { get; }

    public Store Store { get; }

    public ChannelAccount Account { get; }

    public HttpClient Client { get; }

    public Actor Staff => new(Store.Id, ActorKind.Person, "1", "Li Wei");

    public static async Task<NotificationFixture> StartAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var gateway = new FakeGateway();
        var time = new FakeTimeProvider();
        var portal = await PortalFactory.StartAsync(provider, factory => factory.WithClock(time)
            .ConfigureServices(gateway.Register).ConfigureServices(RemoveBackgroundWork));
        var store = new Store { Name = "Shop" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return new NotificationFixture(portal, gateway, time, store, await FakeGateway.AddAccountAsync(portal, store.Id));
    }

    /// <summary>Another store of the same portal, with an account of its own at the same gateway; goes with this one.</summary>
    public async Task<NotificationFixture> AddStoreAsync()
    {
        var store = new Store { Name = "Other shop" };
        await Portal.WriteAsync(db => db.Stores.Add(store));
        return new NotificationFixture(Portal, Gateway, Time, store, await FakeGateway.AddAccountAsync(Portal, store.Id));
    }

    public async Task<Order> PlaceAsync(long amount = 1_280)
    {
        var placed = await Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], Amount: amount, Subject: "Tea"), Actor.System(Store.Id), CancellationToken.None);
        return Assert.IsType<PlaceOrderResult.Placed>(placed).Order;
    }

    public async Task<PaymentAttempt> StartPaymentAsync(Order order)
    {
        var started = await Portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(order.Id, Account.Id, PaymentMethod.Native), Actor.System(Store.Id), CancellationToken.None);
        return Assert.IsType<StartPaymentResult.Started>(started).Attempt;
    }

    /// <summary>An order with an open attempt, and the message that tells of its payment.</summary>
    public async Task<FakeMessage> PromptedAsync() => Gateway.Pay((await StartPaymentAsync(await PlaceAsync())).OutTradeNo);

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(FakeMessage message, string key = FakeGateway.Key)
    {
        using var request = FakeGateway.Notify(Account, message, key);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<List<InboxEntry>> InboxAsync() => Portal.ReadAsync(db => db.Inbox.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<CaptureAttempt>> AttemptsAsync(Guid captureId) =>
        Portal.ReadAsync(db => db.CaptureAttempts.AsNoTracking().Where(row => row.CaptureId == captureId).OrderBy(row => row.Number).ToListAsync());

    public Task<Order> OrderAsync() => Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync());

    public Task RetryDueAsync() => Portal.Get<DeferredNotificationRetry>().RunOnceAsync(CancellationToken.None);

    public Task<ReplayResult?> ReplayAsync(Guid captureId, bool dryRun = false) =>
        Portal.Get<ReplayNotification>().ExecuteAsync(captureId, dryRun, dryRun ? null : "checked by hand", Staff, CancellationToken.None);

    /// <summary>Statements for the database in hand; the write goes past the portal's own gate, as an arrangement.</summary>
    public Task ExecuteAsync(string sqlite, string postgres) => Portal.Get<PortalWriter>().WriteAsync(
        async (db, ct) => await db.Database.ExecuteSqlRawAsync(db is SqlitePortalDbContext ? sqlite : postgres, ct), CancellationToken.None);

    /// <summary>From now on every new payment row fails, as a bug in a handler would.</summary>
    public Task BreakPaymentsAsync() => ExecuteAsync(
        """CREATE TRIGGER "Broken" BEFORE INSERT ON "Payments" BEGIN SELECT RAISE(ABORT, 'broken'); END;""",
        """
        CREATE FUNCTION broken() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER "Broken" BEFORE INSERT ON "Payments" FOR EACH ROW EXECUTE FUNCTION broken();
        """);

    public Task MendPaymentsAsync() => ExecuteAsync("""DROP TRIGGER "Broken";""", """DROP TRIGGER "Broken" ON "Payments";""");

    /// <summary>Loops on a clock that a test moves by days would never come to rest; a test starts their work itself.</summary>
    private static void RemoveBackgroundWork(IServiceCollection services)
    {
        foreach (var own in services.Where(IsOwnBackgroundWork).ToList())
        {
            services.Remove(own);
        }
    }

    private static bool IsOwnBackgroundWork(ServiceDescriptor descriptor) => descriptor.ServiceType == typeof(IHostedService)
        && (descriptor.ImplementationType ?? descriptor.ImplementationFactory?.GetType().GenericTypeArguments[1])?.Assembly == typeof(PortalWriter).Assembly;

    public void Dispose()
    {
        Client.Dispose();
        Portal.Dispose();
    }
}
