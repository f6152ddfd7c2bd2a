using MerchantPortal.Data;
using MerchantPortal.Payments;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Reads lists of orders. Pages go by id (version 7, hence by time), so the millionth row costs what the first does.</summary>
public sealed class OrderQueries(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<OrderPage> PageAsync(Guid storeId, OrderFilter filter, OrderCursor cursor, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var forward = cursor.NewerThan is not null;
        // One more than shown tells whether there is a next page.
        var ids = await OrderWalk.NextAsync(db, storeId, filter, cursor, size + 1, cancellationToken);
        var more = ids.Count > size;
        if (more)
        {
            ids.RemoveAt(size);
        }

        var rows = await SummariesAsync(db, db.Orders.AsNoTracking().Where(order => ids.Contains(order.Id)).OrderByDescending(order => order.Id), cancellationToken);
        return new OrderPage(rows, HasNewer: forward ? more : cursor.OlderThan is not null, HasOlder: forward || more);
    }

    /// <summary>Those of the given orders that match, newest first.</summary>
    public async Task<IReadOnlyList<OrderSummary>> RowsAsync(
        Guid storeId, OrderFilter filter, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var matching = await OrderSearch.MatchingAsync(db, storeId, filter, cancellationToken);
        return await SummariesAsync(db, matching.Where(order => ids.Contains(order.Id)).OrderByDescending(order => order.Id), cancellationToken);
    }

    public async Task<OrderTotals> TotalsAsync(Guid storeId, OrderFilter filter, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await OrderSums.OfAsync(db, storeId, filter, cancellationToken);
    }

    /// <summary>False for a store that has never had an order: its list explains itself instead of being empty.</summary>
    public async Task<bool> AnyAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Orders.AnyAsync(order => order.StoreId == storeId, cancellationToken);
    }

    /// <summary>Live once the store has a live account that is on; until then new orders are for the sandbox.</summary>
    public async Task<PaymentMode> UsualModeAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.AnyAsync(
            account => account.StoreId == storeId && account.Mode == PaymentMode.Live && account.DisabledAt == null, cancellationToken)
            ? PaymentMode.Live
            : PaymentMode.Test;
    }

    /// <summary>Public names of the channels that the store has or had accounts of.</summary>
    public async Task<IReadOnlyList<string>> ChannelsAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.Where(account => account.StoreId == storeId)
            .Select(account => account.Channel).Distinct().OrderBy(channel => channel).ToListAsync(cancellationToken);
    }

    private static async Task<List<OrderSummary>> SummariesAsync(PortalDbContext db, IQueryable<Order> orders, CancellationToken cancellationToken)
    {
        var rows = await orders.Select(order => new OrderSummary(
            order.Id, order.Number, order.MerchantOrderNo, order.Mode, order.Subject, order.Note, order.Amount, order.Status, order.Flags,
            order.CreatedAt, order.ExpiresAt, order.PaidAt, order.Version, null)).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var attempts = await db.Attempts.Where(attempt => ids.Contains(attempt.OrderId))
            .Join(db.ChannelAccounts, attempt => attempt.ChannelAccountId, account => account.Id,
                (attempt, account) => new { attempt.OrderId, attempt.Id, IsPaid = attempt.Status == AttemptStatus.Paid, account.Channel })
            .ToListAsync(cancellationToken);
        var channels = attempts.GroupBy(attempt => attempt.OrderId).ToDictionary(
            group => group.Key, group => group.OrderByDescending(attempt => attempt.IsPaid).ThenByDescending(attempt => attempt.Id).First().Channel);
        return rows.ConvertAll(row => row with { Channel = channels.GetValueOrDefault(row.Id) });
    }
}
