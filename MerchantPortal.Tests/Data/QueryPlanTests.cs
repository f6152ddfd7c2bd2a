using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

/// <summary>
/// What people look at is found along an index, in the order in which it is shown: no table is read whole and nothing is sorted, so the page
/// of a store's millionth order costs what the first one did.
/// </summary>
public abstract class QueryPlanTests(QueryPlanShop shop)
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PortalFactory _portal = shop.Portal;
    private readonly Guid _store = shop.StoreId;
    private readonly Guid _row = shop.Callback.Id;

    public sealed class OnSqlite(SqliteShop shop) : QueryPlanTests(shop), IClassFixture<SqliteShop>;

    public sealed class OnPostgreSql(PostgresShop shop) : QueryPlanTests(shop), IClassFixture<PostgresShop>;

    [Fact]
    public async Task Every_list_of_orders_is_walked()
    {
        var orders = _portal.Get<OrderQueries>();
        OrderFilter[] filters =
        [
            new(), new([OrderStatus.Pending]), new([OrderStatus.PartiallyRefunded, OrderStatus.Refunded]), new(AnyFlag: OrderFilter.EveryFlag),
            new(Channel: "alipay"), new([OrderStatus.Refunded], Channel: "alipay"), new(From: Noon, Until: Noon.AddDays(7)),
            new([OrderStatus.Paid], From: Noon), new([OrderStatus.Paid], OrderFilter.EveryFlag), new(Search: "18.00"), new([OrderStatus.Paid], Search: "18.00"),
        ];
        foreach (var filter in filters)
        {
            foreach (var cursor in (OrderCursor[])[default, new(OlderThan: _row), new(NewerThan: _row)])
            {
                await AssertWalkedAsync(() => orders.PageAsync(_store, filter, cursor, 50, None));
            }
        }
    }

    [Fact]
    public async Task Every_search_for_an_order_and_its_page_go_straight_to_it()
    {
        var order = await _portal.ReadAsync(db => db.Orders.AsNoTracking().FirstAsync(row => row.Status == OrderStatus.Paid));
        var payment = await _portal.ReadAsync(db => db.Payments.AsNoTracking().FirstAsync(row => row.OrderId == order.Id));
        var attempt = await _portal.ReadAsync(db => db.Attempts.AsNoTracking().FirstAsync(row => row.OrderId == order.Id));
        foreach (var text in (string[])[order.Number, order.Number[..10], payment.ChannelTransactionId, attempt.OutTradeNo, "M-2026-1"])
        {
            await AssertFoundAsync(() => _portal.Get<OrderQueries>().PageAsync(_store, new OrderFilter(Search: text), default, 50, None));
        }

        await AssertFoundAsync(() => _portal.Get<OrderQueries>().RowsAsync(_store, new OrderFilter(), [order.Id], None));
        await AssertFoundAsync(() => _portal.Get<OrderDetailQueries>().FindAsync(_store, order.Number, None));
        await AssertFoundAsync(() => _portal.Get<OrderJsonQueries>().FindAsync(_store, order.Number, None));
        await AssertFoundAsync(() => _portal.Get<CaseQueries>().OfOrderAsync(_store, order.Id, None));
        await AssertFoundAsync(() => _portal.Get<RefundQueries>().OptionsAsync(_store, order.Id, None));
        await AssertFoundAsync(() => _portal.Get<AuditQueries>().OfTargetAsync(_store, order.Number, None));
        await AssertFoundAsync(() => _portal.Get<LedgerQueries>().OfOrderAsync(_store, order.Id, None));
    }

    [Fact]
    public async Task Every_list_of_callbacks_is_walked()
    {
        var callbacks = _portal.Get<NotificationQueries>();
        NotificationFilter[] filters =
        [
            .. Enum.GetValues<NotificationTab>().Select(tab => new NotificationFilter { Tab = tab }),
            .. Enum.GetValues<NotificationTab>().Select(tab => new NotificationFilter { Tab = tab, From = Noon, To = Noon.AddDays(7) }),
            .. Enum.GetValues<CallbackStatus>().Select(status => new NotificationFilter { Status = status }),
            new() { Channel = "alipay" }, new() { AccountId = _row }, new() { Reason = "paid" },
        ];
        foreach (var filter in filters)
        {
            foreach (var before in (Guid?[])[null, _row])
            {
                await AssertWalkedAsync(() => callbacks.ListAsync(_store, filter, before, 50, None));
            }
        }
    }

    [Fact]
    public async Task Every_search_for_a_callback_and_its_page_go_straight_to_it()
    {
        var callbacks = _portal.Get<NotificationQueries>();
        var entry = shop.Callback;
        foreach (var text in (string?[])[entry.Id.ToString(), entry.OutTradeNo, entry.OutTradeNo?[..12], entry.ChannelTransactionId])
        {
            await AssertFoundAsync(async () => Assert.Single((await callbacks.ListAsync(_store, new NotificationFilter { Text = text }, null, 50, None)).Rows));
        }

        await AssertFoundAsync(async () => Assert.NotNull(await callbacks.FindAsync(_store, entry.Id, None)));
    }

    [Fact]
    public async Task What_a_payment_is_decided_on_is_gone_straight_to()
    {
        var attempt = await _portal.ReadAsync(db => db.Attempts.AsNoTracking().OrderBy(row => row.Id).FirstAsync());
        var account = await _portal.Get<PaymentChannels>().FindAsync(attempt.ChannelAccountId, None);
        Assert.NotNull(account);
        var message = new VerifiedNotification
        {
            Source = NotificationSource.Notification,
            Kind = NotificationKind.PaymentSucceeded,
            Amount = attempt.Amount,
            OutTradeNo = attempt.OutTradeNo,
            ChannelTransactionId = "unheard of",
        };
        var (id, channel) = (account.Account.Id, account.Account.Channel);
        var arrival = new Arrival(
            account,
            new RawNotification(id, channel, "POST", "/", "", new Dictionary<string, string>(), ReadOnlyMemory<byte>.Empty, Noon, "127.0.0.1"),
            new Proof.Genuine(message, [], null),
            new AttemptBy(Actor.Gateway(_store, id, channel), null, Noon));

        await AssertFoundAsync(() => _portal.ReadAsync(db => BookTogether.DecideAsync(db, [arrival], None)));
    }

    [Fact]
    public async Task What_came_in_a_span_of_time_is_read_along_a_span_of_ids()
    {
        var health = _portal.Get<NotificationQueries>();

        await AssertNoneAsync(() => health.HealthAsync(_store, Noon, Noon.AddDays(1), None), plan => plan.Reads.Any(read => read.IsWide));
    }

    [Fact]
    public async Task Every_list_of_cases_refunds_and_acts_is_walked()
    {
        foreach (var filter in (CaseFilter[])[new(), new(Resolved: true), new(Kind: CaseKind.LateMoney), new(OwnerId: "1"), new(Unowned: true)])
        {
            await AssertWalkedAsync(() => _portal.Get<CaseQueries>().PageAsync(_store, filter, null, 50, None));
            await AssertWalkedAsync(() => _portal.Get<CaseQueries>().PageAsync(_store, filter, _row, 50, None));
        }

        RefundFilter[] refunds = [new(), new([RefundStatus.Failed]), new([RefundStatus.Requested, RefundStatus.Processing]), new(Reason: RefundReason.Defective)];
        foreach (var filter in refunds)
        {
            foreach (var page in (RefundFilter[])[filter, filter with { OlderThan = _row }, filter with { NewerThan = _row }])
            {
                await AssertWalkedAsync(() => _portal.Get<RefundQueries>().PageAsync(_store, page, 50, None));
            }
        }

        var every = new AuditFilter(null, null, null, null, null);
        foreach (var filter in (AuditFilter[])[every, every with { Person = "Li" }, every with { Action = "x" }, every with { Target = "1" }, every with { From = Noon, Before = Noon.AddDays(7) }])
        {
            await AssertWalkedAsync(() => _portal.Get<AuditQueries>().PageAsync(_store, filter, null, 50, None));
            await AssertWalkedAsync(() => _portal.Get<AuditQueries>().PageAsync(_store, filter, 7, 50, None));
        }
    }

    private static Task AssertWalkedAsync(Func<Task> call) => AssertNoneAsync(call, plan => plan.Sorts || plan.Reads.Any(read => read.IsScan));

    /// <summary>Walked, and over no more than what has the value that is looked for.</summary>
    private static Task AssertFoundAsync(Func<Task> call) => AssertNoneAsync(call, plan => plan.Sorts || plan.Reads.Any(read => read.IsWide));

    private static async Task AssertNoneAsync(Func<Task> call, Func<QueryPlan, bool> isWrong)
    {
        var plans = await QueryPlans.OfAsync(call);
        Assert.NotEmpty(plans);
        var wrong = plans.FirstOrDefault(isWrong);
        Assert.True(wrong is null, wrong?.ToString());
    }
}
