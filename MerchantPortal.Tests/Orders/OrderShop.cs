using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders;

/// <summary>A portal with one store, whose orders a test lays out as it likes.</summary>
internal sealed class OrderShop : IAsyncDisposable
{
    private readonly Dictionary<string, ChannelAccount> _accounts = [];

    private OrderShop(PortalFactory portal, Guid storeId) => (Portal, StoreId) = (portal, storeId);

    public PortalFactory Portal { get; }

    public Guid StoreId { get; }

    public Actor Actor => new(StoreId, ActorKind.Person, "1", "小李");

    public OrderQueries Queries => Portal.Get<OrderQueries>();

    public static async Task<OrderShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, Action<PortalFactory>? configure = null)
    {
        var portal = await PortalFactory.StartAsync(provider, configure);
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return new OrderShop(portal, store.Id);
    }

    /// <summary>The shop of a portal that was started with an owner.</summary>
    public static async Task<OrderShop> OfOwnerAsync(PortalFactory portal) =>
        new(portal, await portal.ReadAsync(db => db.Stores.Select(store => store.Id).SingleAsync()));

    public async Task<Order> AddAsync(
        DateTimeOffset at, OrderStatus status = OrderStatus.Pending, OrderFlags flags = OrderFlags.None, long amount = 100, long refunded = 0,
        string? merchantOrderNo = null, string subject = "龙井")
    {
        var paid = status is OrderStatus.Paid or OrderStatus.PartiallyRefunded or OrderStatus.Refunded;
        var order = new Order
        {
            Id = Guid.CreateVersion7(at),
            StoreId = StoreId,
            Mode = PaymentMode.Test,
            Number = OrderNumber.New(at),
            CheckoutToken = OrderNumber.NewToken(),
            MerchantOrderNo = merchantOrderNo,
            Subject = subject,
            Amount = amount,
            PaidAmount = paid ? amount : 0,
            RefundedAmount = refunded,
            Status = status,
            Flags = flags,
            CreatedAt = at,
            ExpiresAt = at.AddMinutes(30),
            PaidAt = paid ? at.AddMinutes(1) : null,
        };
        await Portal.WriteAsync(db => db.Orders.Add(order));
        return order;
    }

    /// <summary>One that waits to be paid, not written yet.</summary>
    public Order NewOrder(DateTimeOffset at, string subject, Guid? storeId = null) => new()
    {
        Id = Guid.CreateVersion7(at),
        StoreId = storeId ?? StoreId,
        Mode = PaymentMode.Test,
        Number = OrderNumber.New(at),
        CheckoutToken = OrderNumber.NewToken(),
        Subject = subject,
        Amount = 100,
        CreatedAt = at,
        ExpiresAt = at.AddMinutes(30),
    };

    public async Task<PaymentAttempt> AddAttemptAsync(Order order, string channel, AttemptStatus status, string? transactionId = null)
    {
        var account = await AccountAsync(channel);
        var attempt = new PaymentAttempt
        {
            StoreId = StoreId,
            OrderId = order.Id,
            ChannelAccountId = account.Id,
            Method = PaymentMethod.Native,
            OutTradeNo = OrderNumber.NewOutTradeNo(order.Number),
            Amount = order.Amount,
            Status = status,
            ChannelTransactionId = transactionId,
            CreatedAt = order.CreatedAt,
            ExpiresAt = order.ExpiresAt,
        };
        await Portal.WriteAsync(db => db.Attempts.Add(attempt));
        if (transactionId is not null)
        {
            await Portal.WriteAsync(db => db.Payments.Add(new Payment
            {
                StoreId = StoreId,
                OrderId = order.Id,
                AttemptId = attempt.Id,
                ChannelAccountId = account.Id,
                ChannelTransactionId = transactionId,
                Amount = order.Amount,
                IsSurplus = false,
                PaidAt = order.CreatedAt,
                RecordedAt = order.CreatedAt,
            }));
        }

        return attempt;
    }

    /// <summary>Marks it paid with what the feed says of it, as a notification would.</summary>
    public Task PayAsync(Order order) => Portal.Get<PortalWriter>().WriteAsync(
        async (db, ct) =>
        {
            var row = await db.Orders.SingleAsync(found => found.Id == order.Id, ct);
            row.Status = OrderStatus.Paid;
            row.PaidAmount = row.Amount;
            row.PaidAt = row.CreatedAt.AddMinutes(1);
            await db.RecordAsync(row, TimelineKind.PaymentReceived, Actor, row.CreatedAt.AddMinutes(1), ct,
                new Dictionary<string, string> { ["amount"] = Money.Display(row.Amount) });
            return true;
        },
        CancellationToken.None);

    public Task<OrderPage> PageAsync(OrderCursor cursor, int size = 5) =>
        Queries.PageAsync(StoreId, new OrderFilter(), cursor, size, CancellationToken.None);

    public async Task<IEnumerable<string>> NumbersAsync(OrderFilter filter) =>
        (await Queries.PageAsync(StoreId, filter, OrderCursor.Newest, 50, CancellationToken.None)).Rows.Select(row => row.Number);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    private async Task<ChannelAccount> AccountAsync(string channel)
    {
        if (!_accounts.TryGetValue(channel, out var account))
        {
            _accounts[channel] = account = new ChannelAccount
            {
                StoreId = StoreId,
                Channel = channel,
                Name = channel,
                Mode = PaymentMode.Test,
                MerchantId = "1900000001",
                AppId = "wx1",
                SealedCredentials = [],
                FingerprintsJson = "{}",
                CreatedAt = DateTimeOffset.UnixEpoch,
            };
            await Portal.WriteAsync(db => db.ChannelAccounts.Add(account));
        }

        return account;
    }
}
