using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Load;

/// <summary>A store with one WeChat account and many orders that wait to be paid.</summary>
internal sealed class StormShop
{
    private readonly PortalFactory _portal;

    private StormShop(PortalFactory portal, Guid accountId, IReadOnlyList<(string OutTradeNo, long Amount)> orders)
    {
        _portal = portal;
        AccountId = accountId;
        Orders = orders;
        NotifyUrl = new Uri(portal.Address, $"notify/wechat-v3/{accountId:N}");
    }

    public Uri NotifyUrl { get; }

    public Guid AccountId { get; }

    public IReadOnlyList<(string OutTradeNo, long Amount)> Orders { get; }

    /// <summary>How many orders have been notified so far.</summary>
    public int Notified { get; private set; }

    public static async Task<StormShop> CreateAsync(PortalFactory portal, WeChatPlatform platform, int orders)
    {
        var store = new Store { Name = "压测", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var account = await AddAccountAsync(portal, platform, store.Id);
        var made = new List<(string, long)>(orders);
        foreach (var chunk in Enumerable.Range(0, orders).Chunk(2_000))
        {
            await portal.WriteAsync(db =>
            {
                db.ChangeTracker.AutoDetectChangesEnabled = false;
                made.AddRange(chunk.Select(index => AddOrder(db, store.Id, account, index)));
                db.ChangeTracker.AutoDetectChangesEnabled = true;
            });
        }

        await portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => db.Database.ExecuteSqlAsync($"""UPDATE "Stores" SET "LastFeedNumber" = {made.Count} WHERE "Id" = {store.Id}""", ct), CancellationToken.None);
        return new StormShop(portal, account, made);
    }

    public static async Task<Guid> AddAccountAsync(PortalFactory portal, WeChatPlatform platform, Guid storeId)
    {
        var id = Guid.CreateVersion7();
        await portal.WriteAsync(db => db.ChannelAccounts.Add(new ChannelAccount
        {
            Id = id,
            StoreId = storeId,
            Channel = "wechat-v3",
            Name = "微信",
            Mode = PaymentMode.Live,
            MerchantId = platform.MchId,
            AppId = platform.AppId,
            SealedCredentials = portal.Get<PaymentChannels>().SealForm(storeId, id, platform.Form()),
            FingerprintsJson = "{}",
            CreatedAt = DateTimeOffset.UnixEpoch,
        }));
        return id;
    }

    public IReadOnlyList<SignedNotification> SignNext(WeChatPlatform platform, int count)
    {
        var signed = Sign(platform, Orders.Skip(Notified).Take(count), Notified);
        Notified += count;
        return signed;
    }

    /// <param name="first">Number of the first transaction.</param>
    public static IReadOnlyList<SignedNotification> Sign(WeChatPlatform platform, IEnumerable<(string OutTradeNo, long Amount)> orders, int first)
    {
        var now = TimeProvider.System.GetUtcNow();
        return [.. orders.AsParallel().AsOrdered().Select((order, index) => platform.Success(order.OutTradeNo, $"4200{first + index:000000000000}", order.Amount, now))];
    }

    public Task<Guid> StoreIdAsync() => _portal.ReadAsync(db => db.ChannelAccounts.Where(row => row.Id == AccountId).Select(row => row.StoreId).SingleAsync());

    public async Task AssertEveryNotifiedOrderIsPaidOnceAsync()
    {
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Payments.CountAsync()));
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Orders.CountAsync(order => order.Status == OrderStatus.Paid && order.PaidAmount == order.Amount)));
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Inbox.CountAsync()));
        Assert.Equal(Orders.Count + Notified, await _portal.ReadAsync(db => db.Feed.CountAsync()));
    }

    private static (string OutTradeNo, long Amount) AddOrder(PortalDbContext db, Guid storeId, Guid accountId, int index)
    {
        var at = DateTimeOffset.UnixEpoch.AddSeconds(index);
        var order = new Order
        {
            StoreId = storeId,
            Mode = PaymentMode.Live,
            Number = OrderNumber.New(at),
            CheckoutToken = OrderNumber.NewToken(),
            Subject = "压测商品",
            Amount = 100 + index,
            CreatedAt = at,
            ExpiresAt = at.AddYears(100),
        };
        var attempt = new PaymentAttempt
        {
            StoreId = storeId,
            OrderId = order.Id,
            ChannelAccountId = accountId,
            Method = PaymentMethod.Native,
            OutTradeNo = OrderNumber.NewOutTradeNo(order.Number),
            Amount = order.Amount,
            Status = AttemptStatus.Prompted,
            CreatedAt = at,
            ExpiresAt = order.ExpiresAt,
        };
        db.Orders.Add(order);
        db.Attempts.Add(attempt);
        db.Timeline.Add(new TimelineEntry
        {
            StoreId = storeId,
            OrderId = order.Id,
            At = at,
            Kind = TimelineKind.OrderCreated,
            ActorKind = ActorKind.System,
            ActorName = "load",
        });
        db.Feed.Add(new FeedEntry
        {
            StoreId = storeId,
            Number = index + 1,
            OrderId = order.Id,
            OrderNumber = order.Number,
            Kind = TimelineKind.OrderCreated,
            Status = order.Status,
            Flags = order.Flags,
            At = at,
        });
        return (attempt.OutTradeNo, order.Amount);
    }
}

/// <summary>One client for all sides, with as many connections as are asked for.</summary>
internal static class LoadClient
{
    public static HttpClient Create() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };
}
