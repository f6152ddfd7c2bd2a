using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Sandbox;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>A shop at the sandbox at noon of Beijing, whose yesterday has as many sales as a test wants, in the books and at the gateway.</summary>
internal sealed class BillShop : IAsyncDisposable
{
    public const string WeChat = "wechat-v3";
    public const string Alipay = "alipay";

    /// <summary>2026-12-31 12:00 in Beijing.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    public static readonly DateOnly Today = new(2026, 12, 31);
    public static readonly DateOnly Yesterday = new(2026, 12, 30);

    private BillShop(SandboxShop sandbox, Calendar time) => (Sandbox, Time) = (sandbox, time);

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    public SandboxShop Sandbox { get; }

    public Calendar Time { get; }

    public PortalFactory Portal => Sandbox.Portal;

    public Actor Owner { get; private set; } = Actor.System(Guid.Empty);

    public static async Task<BillShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, Action<PortalFactory>? configure = null)
    {
        var time = new Calendar(Noon);
        var database = provider == DatabaseProvider.PostgreSql ? await PostgresCluster.CreateDatabaseAsync() : null;
        var sandbox = await SandboxShop.OpenAsync(portal =>
        {
            portal.WithClock(time);
            if (database is not null)
            {
                portal.Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database);
            }

            configure?.Invoke(portal);
        });
        var shop = new BillShop(sandbox, time);
        var storeId = await shop.Portal.ReadAsync(db => db.Stores.Select(row => row.Id).SingleAsync());
        shop.Owner = new Actor(storeId, ActorKind.Person, Guid.NewGuid().ToString("N"), "林小姐");
        return shop;
    }

    /// <summary>A sale of today that the buyer has paid; told by no notification when <paramref name="fault"/> loses it.</summary>
    public async Task<OpenTrade> SellAsync(string fault = "", string channel = WeChat)
    {
        var trade = await Sandbox.StartAsync(channel, channel == WeChat ? PaymentMethod.Native : PaymentMethod.Page);
        await Sandbox.PayAsync(trade, fault);
        return trade;
    }

    public async Task<BillDayState> FetchAsync(DateOnly day, string channel = WeChat, string? fault = null)
    {
        if (fault is not null)
        {
            await Sandbox.ControlAsync("faults", new { next_bill = fault });
        }

        var account = await Sandbox.AccountAsync(channel);
        return await Portal.Get<FetchBill>().ExecuteAsync(account.Account.Id, day, Owner, null, CancellationToken.None);
    }

    public Task<List<BillDifference>> DifferencesAsync() =>
        Portal.ReadAsync(db => db.BillDifferences.AsNoTracking().OrderBy(row => row.Kind).ThenBy(row => row.Id).ToListAsync());

    /// <summary>Sales of yesterday straight into both sides: numbers 0 to <paramref name="count"/>, each ¥1.00 plus its number in 分.</summary>
    /// <param name="ourAmount">What the books have of a number; null: nothing.</param>
    /// <param name="isTheirs">Whether the gateway has it.</param>
    public async Task FillYesterdayAsync(int count, Func<int, long?> ourAmount, Func<int, bool> isTheirs)
    {
        var account = (await Sandbox.AccountAsync(WeChat)).Account;
        var at = BeijingTime.StartOf(Yesterday).AddHours(9);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1_000))
        {
            await Portal.Get<PortalWriter>().WriteAsync(
                async (db, ct) =>
                {
                    var payments = chunk.Where(number => ourAmount(number) is not null).Select(number => Add(db, account, number, ourAmount(number) ?? 0, at.AddSeconds(number))).ToList();
                    await db.PostAllAsync([.. payments.Select(Posting.Of)], ct);
                    return true;
                },
                CancellationToken.None);
            await Portal.Get<SandboxWriter>().WriteAsync(
                async (db, ct) =>
                {
                    var merchant = await db.Merchants.SingleAsync(row => row.AppId == account.AppId, ct);
                    db.Trades.AddRange(chunk.Where(isTheirs).Select(number => Trade(merchant, number, at.AddSeconds(number))));
                    return true;
                },
                CancellationToken.None);
        }
    }

    public static long AmountOf(int number) => 100 + number;

    public static string TransactionOf(int number) => $"42000{number:00000000}";

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    private static Payment Add(PortalDbContext db, ChannelAccount account, int number, long amount, DateTimeOffset at)
    {
        var order = db.Orders.Add(new Order
        {
            StoreId = account.StoreId,
            Mode = PaymentMode.Test,
            Number = $"B{number:00000000}",
            CheckoutToken = $"token{number:00000000}",
            Subject = "茶",
            Amount = amount,
            PaidAmount = amount,
            Status = OrderStatus.Paid,
            CreatedAt = at,
            PaidAt = at,
        }).Entity;
        var attempt = db.Attempts.Add(new PaymentAttempt
        {
            StoreId = account.StoreId,
            OrderId = order.Id,
            ChannelAccountId = account.Id,
            Method = PaymentMethod.Native,
            OutTradeNo = $"PX{number:00000000}",
            Amount = amount,
            Status = AttemptStatus.Paid,
            ChannelTransactionId = TransactionOf(number),
            CreatedAt = at,
            ExpiresAt = at,
            PaidAt = at,
        }).Entity;
        return db.Payments.Add(new Payment
        {
            StoreId = account.StoreId,
            OrderId = order.Id,
            AttemptId = attempt.Id,
            ChannelAccountId = account.Id,
            ChannelTransactionId = TransactionOf(number),
            Amount = amount,
            IsSurplus = false,
            PaidAt = at,
            RecordedAt = at,
        }).Entity;
    }

    private static SandboxTrade Trade(SandboxMerchant merchant, int number, DateTimeOffset at) => new()
    {
        MerchantId = merchant.Id,
        Merchant = merchant,
        OutTradeNo = $"PX{number:00000000}",
        Code = $"code{number:00000000}",
        TransactionId = TransactionOf(number),
        Product = TradeProduct.Native,
        Subject = "茶",
        Amount = AmountOf(number),
        NotifyUrl = "http://127.0.0.1/",
        CreatedAt = at,
        OpenedAt = at,
        State = TradeState.Paid,
        Payments = [new SandboxPayment { TransactionId = TransactionOf(number), Amount = AmountOf(number), PaidAt = at }],
    };
}

/// <summary>A calendar that a test turns over. Timers go by the real clock: days that pass in a moment are not worked through second by second.</summary>
internal sealed class Calendar(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
