using MerchantPortal.Data;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Reads one order with everything that belongs to it.</summary>
public sealed class OrderDetailQueries(IDbContextFactory<PortalDbContext> contexts)
{
    private const int MaxTimeline = 500;
    private const int MaxCallbacks = 200;

    /// <returns>Null when the store has no such order.</returns>
    public async Task<OrderDetails?> FindAsync(Guid storeId, string number, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var order = await db.Orders.AsNoTracking().Include(row => row.Lines)
            .SingleOrDefaultAsync(row => row.Number == number && row.StoreId == storeId, cancellationToken);
        return order is null ? null : new OrderDetails(
            order,
            await AttemptsAsync(db, order.Id, cancellationToken),
            await db.Payments.AsNoTracking().Where(row => row.OrderId == order.Id).OrderBy(row => row.Id).ToListAsync(cancellationToken),
            await db.Refunds.AsNoTracking().Where(row => row.OrderId == order.Id).OrderByDescending(row => row.Id).ToListAsync(cancellationToken),
            await db.Timeline.AsNoTracking().Where(row => row.OrderId == order.Id).OrderByDescending(row => row.Id).Take(MaxTimeline).ToListAsync(cancellationToken),
            await CallbacksAsync(db, order.Id, cancellationToken));
    }

    private static async Task<IReadOnlyList<AttemptDetails>> AttemptsAsync(PortalDbContext db, Guid orderId, CancellationToken cancellationToken)
    {
        var rows = await db.Attempts.AsNoTracking().Where(row => row.OrderId == orderId).OrderByDescending(row => row.Id)
            .Join(db.ChannelAccounts, row => row.ChannelAccountId, account => account.Id, (row, account) => new { row, account.Channel, account.Name })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(found => new AttemptDetails(found.row, found.Channel, found.Name));
    }

    private static async Task<IReadOnlyList<OrderCallback>> CallbacksAsync(PortalDbContext db, Guid orderId, CancellationToken cancellationToken) =>
        await db.Inbox.Where(row => row.OrderId == orderId).OrderByDescending(row => row.Id).Take(MaxCallbacks)
            .Select(row => new OrderCallback(row.Id, row.Channel, row.ReceivedAt, row.Status, row.Reason, row.OutTradeNo))
            .ToListAsync(cancellationToken);
}

/// <summary>An order as its page shows it. Timeline and callbacks are newest first.</summary>
public sealed record OrderDetails(
    Order Order,
    IReadOnlyList<AttemptDetails> Attempts,
    IReadOnlyList<Payment> Payments,
    IReadOnlyList<Refund> Refunds,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<OrderCallback> Callbacks)
{
    /// <summary>分 that came on top of what was owed and waits to be given back.</summary>
    public long Surplus => Payments.Where(payment => payment.IsSurplus).Sum(payment => payment.Amount
        - Refunds.Where(refund => refund.PaymentId == payment.Id && refund.Status == RefundStatus.Succeeded).Sum(refund => refund.Amount));
}

public sealed record AttemptDetails(PaymentAttempt Attempt, string Channel, string AccountName);

/// <summary>A verified notification that named the order.</summary>
public sealed record OrderCallback(Guid Id, string Channel, DateTimeOffset ReceivedAt, CallbackStatus Status, string Reason, string? OutTradeNo);
