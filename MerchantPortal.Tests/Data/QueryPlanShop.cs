using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Operations.Seeding;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

/// <summary>A store with some history and a callback for each payment, one in ten of them not applied.</summary>
public abstract class QueryPlanShop(DatabaseProvider provider) : IAsyncLifetime
{
    private const int Orders = 400;
    private const int Few = 120;

    public PortalFactory Portal { get; private set; } = null!;

    public Guid StoreId { get; private set; }

    /// <summary>One in the middle.</summary>
    public InboxEntry Callback { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Portal = await PortalFactory.StartAsync(provider, factory => factory
            .Set("Bootstrap:OwnerEmail", "owner@example.com").Set("Bootstrap:OwnerPassword", "a long enough password").Set("Bootstrap:StoreName", "茶铺"));
        await Portal.Get<SeedHistory>().ExecuteAsync(Orders, 1, new Progress<int>(), CancellationToken.None);
        StoreId = await Portal.ReadAsync(db => db.Stores.Select(store => store.Id).SingleAsync());
        var paid = await Portal.ReadAsync(db => db.Payments.AsNoTracking().OrderBy(row => row.Id)
            .Join(db.Attempts, payment => payment.AttemptId, attempt => attempt.Id, (payment, attempt) => new { payment, attempt.OutTradeNo }).ToListAsync());
        var callbacks = paid.Select((row, index) => Told(row.payment, row.OutTradeNo, index)).ToList();
        Callback = callbacks[callbacks.Count / 2];
        await Portal.WriteAsync(db =>
        {
            db.Inbox.AddRange(callbacks);
            db.RejectedCaptures.AddRange(callbacks.Take(Few).Select(Forged));
            db.Cases.AddRange(callbacks.Take(Few).Select(Opened));
        });
        if (provider == DatabaseProvider.PostgreSql)
        {
            await Portal.Get<PortalWriter>().WriteAsync((db, ct) => db.Database.ExecuteSqlRawAsync("ANALYZE", ct), CancellationToken.None);
        }
    }

    public async Task DisposeAsync() => await Portal.DisposeAsync();

    private static InboxEntry Told(Payment payment, string outTradeNo, int index) => new()
    {
        Id = Guid.CreateVersion7(payment.PaidAt),
        StoreId = payment.StoreId,
        ChannelAccountId = payment.ChannelAccountId,
        Channel = "alipay",
        Method = "POST",
        Path = "/",
        QueryString = "",
        HeadersJson = PackedText.Of("{}"),
        Body = [],
        BodyHash = [],
        RemoteAddress = "",
        ReceivedAt = payment.PaidAt,
        Status = index % 10 == 0 ? Enum.GetValues<CallbackStatus>()[index / 10 % 6] : CallbackStatus.Applied,
        Reason = "",
        Attempts = index % 50 == 0 ? 2 : 1,
        OrderId = payment.OrderId,
        OutTradeNo = outTradeNo,
        ChannelTransactionId = payment.ChannelTransactionId,
    };

    private static RejectedCapture Forged(InboxEntry like) => new()
    {
        Id = Guid.CreateVersion7(like.ReceivedAt),
        StoreId = like.StoreId,
        ChannelAccountId = like.ChannelAccountId,
        Channel = like.Channel,
        Method = like.Method,
        Path = like.Path,
        QueryString = "",
        HeadersJson = PackedText.Of("{}"),
        Body = [],
        BodyHash = [],
        RemoteAddress = "",
        ReceivedAt = like.ReceivedAt,
        Status = CallbackStatus.Rejected,
        Reason = "",
        Attempts = 1,
    };

    private static Case Opened(InboxEntry about, int index) => new()
    {
        StoreId = about.StoreId,
        Kind = CaseKind.LateMoney,
        SubjectKey = about.Id.ToString("N"),
        OrderId = about.OrderId,
        CaptureId = about.Id,
        OpenedAt = about.ReceivedAt,
        Status = index % 2 == 0 ? CaseStatus.Open : CaseStatus.Resolved,
    };
}

public sealed class SqliteShop() : QueryPlanShop(DatabaseProvider.Sqlite);

public sealed class PostgresShop() : QueryPlanShop(DatabaseProvider.PostgreSql);
