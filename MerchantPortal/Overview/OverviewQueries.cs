using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Overview;

/// <summary>Reads the day at a glance. Without the sandbox only live money counts.</summary>
public sealed class OverviewQueries(IDbContextFactory<PortalDbContext> contexts, PortalSurroundings portal, CaseQueries cases, TimeProvider time)
{
    private const int TrendDays = 14;
    private const int LatestCount = 8;
    private const int ActionCount = 5;

    public async Task<ShopToday> GetAsync(Guid storeId, StoreTime calendar, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var orders = db.Orders.AsNoTracking().Where(order => order.StoreId == storeId && (portal.SandboxEnabled || order.Mode == PaymentMode.Live));
        var now = time.GetUtcNow();
        var days = await DaysAsync(orders, calendar, now, cancellationToken);
        return new ShopToday(
            new Takings(days[^1].Amount, days[^1].Count),
            await WeekAgoAsync(orders, calendar, now, cancellationToken),
            await SumAsync(orders.Where(order => order.Status == OrderStatus.Pending).Select(order => order.Amount), cancellationToken),
            await NeedsActionAsync(db, orders, storeId, cancellationToken),
            await CallbacksAsync(db, storeId, now.AddHours(-24), cancellationToken),
            days,
            await Rows(orders.OrderByDescending(order => order.Id).Take(LatestCount)).ToListAsync(cancellationToken),
            await StepsAsync(db, orders, storeId, cancellationToken));
    }

    private static async Task<List<DayTakings>> DaysAsync(
        IQueryable<Order> orders, StoreTime calendar, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = calendar.DayOf(now);
        var days = new List<DayTakings>(TrendDays);
        for (var day = today.AddDays(1 - TrendDays); day <= today; day = day.AddDays(1))
        {
            var takings = await PaidAsync(orders, calendar.StartOf(day), calendar.StartOf(day.AddDays(1)), cancellationToken);
            days.Add(new DayTakings(day, takings.Amount, takings.Count));
        }

        return days;
    }

    /// <summary>A half day is compared with a half day.</summary>
    private static Task<Takings> WeekAgoAsync(IQueryable<Order> orders, StoreTime calendar, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = calendar.DayOf(now);
        var start = calendar.StartOf(today.AddDays(-7));
        return PaidAsync(orders, start, start + (now - calendar.StartOf(today)), cancellationToken);
    }

    private static Task<Takings> PaidAsync(IQueryable<Order> orders, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        SumAsync(orders.Where(order => order.PaidAt >= from && order.PaidAt < until).Select(order => order.PaidAmount), cancellationToken);

    private static async Task<Takings> SumAsync(IQueryable<long> amounts, CancellationToken cancellationToken) =>
        await amounts.GroupBy(_ => 1).Select(group => new Takings(group.Sum(), group.Count())).SingleOrDefaultAsync(cancellationToken)
        ?? new Takings(0, 0);

    private async Task<ActionList> NeedsActionAsync(
        PortalDbContext db, IQueryable<Order> orders, Guid storeId, CancellationToken cancellationToken)
    {
        // What has a case is told by its case, and what a person has ended is told no more.
        var flagged = orders.Where(order => order.Flags != OrderFlags.None && !db.Cases.Any(found => found.OrderId == order.Id && found.Status == CaseStatus.Open));
        return new ActionList(
            (await cases.PageAsync(storeId, new CaseFilter(), null, ActionCount, cancellationToken)).Rows,
            (await cases.CountOpenAsync(storeId, cancellationToken)).Values.Sum(),
            await Rows(flagged.OrderByDescending(order => order.Id).Take(ActionCount)).ToListAsync(cancellationToken),
            await flagged.CountAsync(cancellationToken),
            await db.Refunds.CountAsync(
                refund => refund.StoreId == storeId && (refund.Status == RefundStatus.Failed || refund.Status == RefundStatus.Abnormal)
                    && !db.Cases.Any(found => found.RefundId == refund.Id), cancellationToken));
    }

    private static async Task<CallbackHealth> CallbacksAsync(PortalDbContext db, Guid storeId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Ids are made by time, and the lists of the store are in their order.
        var first = OrderId.Floor(since);
        return new CallbackHealth(
            await db.Inbox.CountAsync(entry => entry.StoreId == storeId && entry.Id >= first, cancellationToken),
            await db.RejectedCaptures.CountAsync(entry => entry.StoreId == storeId && entry.Id >= first, cancellationToken),
            await db.Inbox.CountAsync(entry => entry.StoreId == storeId && entry.Status != CallbackStatus.Applied && entry.Status == CallbackStatus.Deferred, cancellationToken),
            await db.Payments.CountAsync(
                payment => payment.Id >= first && payment.StoreId == storeId && payment.FoundBy == NotificationSource.Query, cancellationToken));
    }

    private static async Task<FirstSteps> StepsAsync(PortalDbContext db, IQueryable<Order> orders, Guid storeId, CancellationToken cancellationToken)
    {
        var channels = await db.ChannelAccounts
            .Where(account => account.StoreId == storeId && account.Mode == PaymentMode.Live && account.DisabledAt == null)
            .Select(account => account.Channel).Distinct().ToListAsync(cancellationToken);
        return new FirstSteps(
            await orders.AnyAsync(order => order.PaidAt != null, cancellationToken),
            // The app interface of 2014 takes no payment on the checkout page.
            channels.Exists(channel => channel is "wechat-v3" or "wechat-v2"),
            channels.Exists(channel => channel.StartsWith("alipay", StringComparison.Ordinal)));
    }

    private static IQueryable<LatestOrder> Rows(IQueryable<Order> orders) => orders.Select(order => new LatestOrder(
        order.Number, order.Subject, order.Amount, order.Status, order.Flags, order.CreatedAt, order.ExpiresAt));
}
