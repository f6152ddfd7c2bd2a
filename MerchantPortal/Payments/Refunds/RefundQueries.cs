using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Reads refunds, and what can be refunded.</summary>
public sealed class RefundQueries(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels)
{
    /// <returns>Null when the store has no such order.</returns>
    public async Task<RefundTarget?> FindPaymentAsync(Guid storeId, string number, string? transactionId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var orderId = await db.Orders.Where(row => row.StoreId == storeId && row.Number == number).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        if (orderId is not { } id)
        {
            return null;
        }

        var payment = transactionId is null
            ? null
            : await db.Payments.Where(row => row.OrderId == id && row.ChannelTransactionId == transactionId).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        return new RefundTarget(id, payment);
    }

    /// <summary>Every payment of the order and what can be given back of it, what the order was paid with first.</summary>
    public async Task<IReadOnlyList<RefundOption>> OptionsAsync(Guid storeId, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await db.Payments.AsNoTracking().Where(row => row.OrderId == orderId && row.StoreId == storeId).OrderBy(row => row.IsSurplus).ThenBy(row => row.Id)
            .Join(db.Attempts, payment => payment.AttemptId, attempt => attempt.Id, (payment, attempt) => new { payment, attempt.Method })
            .Join(db.ChannelAccounts, row => row.payment.ChannelAccountId, account => account.Id, (row, account) => new { row.payment, row.Method, account.Channel, account.Name })
            .ToListAsync(cancellationToken);
        var options = new List<RefundOption>(rows.Count);
        foreach (var row in rows)
        {
            var obstacle = await channels.RefundObstacleAsync(row.payment.ChannelAccountId, row.Method, cancellationToken);
            options.Add(new RefundOption(row.payment, row.Channel, row.Name, obstacle));
        }

        return options;
    }

    /// <summary>One page, newest first.</summary>
    public async Task<RefundPage> PageAsync(Guid storeId, RefundFilter filter, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var matching = Matching(db, storeId, filter);
        var forward = filter.NewerThan is not null;
        var from = filter switch
        {
            { OlderThan: { } older } => matching.Where(row => row.Id < older),
            { NewerThan: { } newer } => matching.Where(row => row.Id > newer),
            _ => matching,
        };
        var rows = await (forward ? from.OrderBy(row => row.Id) : from.OrderByDescending(row => row.Id)).Take(size + 1)
            .Join(db.Orders, row => row.OrderId, order => order.Id, (row, order) => new { row, order.Number, order.Subject })
            .Join(db.ChannelAccounts, found => found.row.ChannelAccountId, account => account.Id, (found, account) => new RefundRow(found.row, found.Number, found.Subject, account.Channel, account.Name))
            .AsNoTracking().ToListAsync(cancellationToken);
        rows = [.. rows.OrderByDescending(row => row.Refund.Id)];
        var more = rows.Count > size;
        if (more)
        {
            rows.RemoveAt(forward ? 0 : size);
        }

        return new RefundPage(rows, HasNewer: forward ? more : filter.OlderThan is not null, HasOlder: forward || more);
    }

    /// <summary>How many and how much, by reason: of those that have moved money.</summary>
    public async Task<IReadOnlyList<RefundsByReason>> ByReasonAsync(Guid storeId, RefundFilter filter, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await Matching(db, storeId, filter).Where(row => row.Status == RefundStatus.Succeeded)
            .GroupBy(row => row.ReasonCode)
            .Select(group => new RefundsByReason(group.Key, group.Count(), group.Sum(row => row.Amount)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>False for a store that has never given anything back.</summary>
    public async Task<bool> AnyAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Refunds.AnyAsync(row => row.StoreId == storeId, cancellationToken);
    }

    private static IQueryable<Refund> Matching(PortalDbContext db, Guid storeId, RefundFilter filter)
    {
        var refunds = db.Refunds.Where(row => row.StoreId == storeId);
        if (filter.Statuses is { Count: > 0 } statuses)
        {
            refunds = refunds.Where(row => statuses.Contains(row.Status));
        }

        return filter.Reason is { } reason ? refunds.Where(row => row.ReasonCode == reason) : refunds;
    }
}

/// <param name="PaymentId">Null when none was named, or the order has none of that number.</param>
public sealed record RefundTarget(Guid OrderId, Guid? PaymentId);

/// <param name="Obstacle">Why the portal cannot give it back, a <see cref="RefundFailures"/> code; null when it can.</param>
public sealed record RefundOption(Payment Payment, string Channel, string AccountName, string? Obstacle)
{
    /// <summary>分.</summary>
    public long Remaining => Payment.Amount - Payment.RefundReserved;
}

/// <param name="Statuses">Null or empty: all.</param>
public sealed record RefundFilter(IReadOnlyList<RefundStatus>? Statuses = null, RefundReason? Reason = null, Guid? OlderThan = null, Guid? NewerThan = null);

public sealed record RefundRow(Refund Refund, string OrderNumber, string Subject, string Channel, string AccountName);

public sealed record RefundPage(IReadOnlyList<RefundRow> Rows, bool HasNewer, bool HasOlder);

/// <param name="Amount">分.</param>
public sealed record RefundsByReason(RefundReason Reason, int Count, long Amount);
