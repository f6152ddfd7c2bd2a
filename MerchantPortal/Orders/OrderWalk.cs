using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>
/// Finds the ids of the next orders of a filter. A filter that allows several statuses, or goes through several accounts, is walked
/// once for each along an index that is in order already, and the heads are merged: no list is ever sorted as a whole.
/// </summary>
internal static class OrderWalk
{
    /// <returns>At most <paramref name="take"/> ids in walking order: newest first, or oldest first when the cursor goes to newer ones.</returns>
    public static async Task<List<Guid>> NextAsync(
        PortalDbContext db, Guid storeId, OrderFilter filter, OrderCursor cursor, int take, CancellationToken cancellationToken)
    {
        var ids = new HashSet<Guid>();
        foreach (var way in await WaysAsync(db, storeId, filter, cancellationToken))
        {
            ids.UnionWith(await HeadAsync(way, cursor, take, cancellationToken));
        }

        return [.. (cursor.NewerThan is null ? ids.OrderDescending() : ids.Order()).Take(take)];
    }

    /// <summary>An order with several attempts through one account comes several times; it counts once.</summary>
    private static async Task<HashSet<Guid>> HeadAsync(IQueryable<Guid> way, OrderCursor cursor, int take, CancellationToken cancellationToken)
    {
        var ids = new HashSet<Guid>();
        List<Guid> rows;
        do
        {
            rows = await Ordered(After(way, cursor), cursor).Take(take).ToListAsync(cancellationToken);
            ids.UnionWith(rows);
            cursor = rows is [.., var last] ? (cursor.NewerThan is null ? new(OlderThan: last) : new(NewerThan: last)) : cursor;
        }
        while (rows.Count == take && ids.Count < take);
        return ids;
    }

    private static async Task<IReadOnlyList<IQueryable<Guid>>> WaysAsync(
        PortalDbContext db, Guid storeId, OrderFilter filter, CancellationToken cancellationToken)
    {
        var found = await OrderSearch.FindAsync(db, storeId, filter, cancellationToken);
        if (found is not null)
        {
            return [OrderSearch.Matching(db, storeId, filter, found).Select(order => order.Id)];
        }

        var accounts = filter.Channel is { Length: > 0 } channel
            ? await db.ChannelAccounts.Where(row => row.StoreId == storeId && row.Channel == channel).Select(row => row.Id).ToListAsync(cancellationToken)
            : null;
        return
        [
            .. from status in filter.Statuses is { Count: > 0 } several ? several.Select(one => (OrderStatus?)one) : [null]
               let orders = OrderSearch.Matching(db, storeId, filter with { Channel = null, Statuses = status is { } one ? [one] : null }, null)
               from way in accounts is null ? [orders.Select(order => order.Id)] : accounts.Select(account => Through(db, account, orders))
               select way,
        ];
    }

    private static IQueryable<Guid> Through(PortalDbContext db, Guid accountId, IQueryable<Order> orders) =>
        db.Attempts.Where(attempt => attempt.ChannelAccountId == accountId)
            .Join(orders, attempt => attempt.OrderId, order => order.Id, (attempt, order) => attempt.OrderId);

    private static IQueryable<Guid> After(IQueryable<Guid> ids, OrderCursor cursor) => cursor switch
    {
        { OlderThan: { } older } => ids.Where(id => id < older),
        { NewerThan: { } newer } => ids.Where(id => id > newer),
        _ => ids,
    };

    private static IQueryable<Guid> Ordered(IQueryable<Guid> ids, OrderCursor cursor) =>
        cursor.NewerThan is null ? ids.OrderByDescending(id => id) : ids.OrderBy(id => id);
}
