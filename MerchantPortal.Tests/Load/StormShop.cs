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
    private const int Chunk = 2_000;

    private readonly PortalFactory _portal;
    private readonly WeChatPlatform _platform;
    private readonly List<(string OutTradeNo, long Amount)> _orders = [];

    private StormShop(PortalFactory portal, WeChatPlatform platform, Guid storeId, Guid accountId)
    {
        (_portal, _platform, StoreId, AccountId) = (portal, platform, storeId, accountId);
        NotifyUrl = new Uri(portal.Address, $"notify/wechat-v3/{accountId:N}");
    }

    public Uri NotifyUrl { get; }

    public Guid AccountId { get; }

    public IReadOnlyList<(string OutTradeNo, long Amount)> Orders => _orders;

    public Guid StoreId { get; }

    /// <summary>How many orders have been notified so far.</summary>
    public int Notified { get; private set; }

    public static async Task<StormShop> CreateAsync(PortalFactory portal, WeChatPlatform platform, int orders)
    {
        var store = new Store { Name = "压测", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var shop = new StormShop(portal, platform, store.Id, await AddAccountAsync(portal, platform, store.Id));
        await shop.AddOrdersAsync(orders);
        return shop;
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

    /// <summary>Of orders that wait; more are placed when there are too few.</summary>
    public async Task<IReadOnlyList<SignedNotification>> SignNextAsync(int count)
    {
        await AddOrdersAsync(Math.Max(0, Notified + count - _orders.Count));
        var signed = Sign(_platform, _orders.Skip(Notified).Take(count), Notified);
        Notified += count;
        return signed;
    }

    /// <summary>A side that sends them to this shop.</summary>
    public StormSide Side(HttpClient client) => StormSide.To(client, NotifyUrl, SignNextAsync);

    /// <param name="first">Number of the first transaction.</param>
    public static IReadOnlyList<SignedNotification> Sign(WeChatPlatform platform, IEnumerable<(string OutTradeNo, long Amount)> orders, int first)
    {
        var now = TimeProvider.System.GetUtcNow();
        return [.. orders.AsParallel().AsOrdered().Select((order, index) => platform.Success(order.OutTradeNo, $"4200{first + index:000000000000}", order.Amount, now))];
    }

    public async Task AssertEveryNotifiedOrderIsPaidOnceAsync()
    {
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Payments.CountAsync(row => row.StoreId == StoreId)));
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Orders.CountAsync(
            order => order.StoreId == StoreId && order.Status == OrderStatus.Paid && order.PaidAmount == order.Amount)));
        Assert.Equal(Notified, await _portal.ReadAsync(db => db.Inbox.CountAsync(row => row.StoreId == StoreId)));
        Assert.Equal(Orders.Count + Notified, await _portal.ReadAsync(db => db.Feed.CountAsync(row => row.StoreId == StoreId)));
    }

    private async Task AddOrdersAsync(int count)
    {
        foreach (var chunk in Enumerable.Range(_orders.Count, count).Chunk(Chunk))
        {
            await _portal.Get<PortalWriter>().WriteAsync(
                async (db, ct) =>
                {
                    var number = await OrderJournal.TakeFeedNumbersAsync(db, StoreId, chunk.Length, ct);
                    db.ChangeTracker.AutoDetectChangesEnabled = false;
                    _orders.AddRange(chunk.Select(index => AddOrder(db, index, number++)));
                    db.ChangeTracker.AutoDetectChangesEnabled = true;
                    return await db.SaveChangesAsync(ct);
                },
                CancellationToken.None);
        }
    }

    private (string OutTradeNo, long Amount) AddOrder(PortalDbContext db, int index, long feedNumber)
    {
        var at = DateTimeOffset.UnixEpoch.AddSeconds(index);
        var order = new Order
        {
            StoreId = StoreId,
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
            StoreId = StoreId,
            OrderId = order.Id,
            ChannelAccountId = AccountId,
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
            StoreId = StoreId,
            OrderId = order.Id,
            At = at,
            Kind = TimelineKind.OrderCreated,
            ActorKind = ActorKind.System,
            ActorName = "load",
        });
        db.Feed.Add(new FeedEntry
        {
            StoreId = StoreId,
            Number = feedNumber,
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
