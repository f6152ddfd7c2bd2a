using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Turns a filter into a query. A search resolves to ids through unique indexes first; nothing reads a whole table for a text.</summary>
internal static class OrderSearch
{
    /// <summary>Day and one random character: below that a prefix is not a search but a date.</summary>
    private const int MinPrefix = 8;

    private const int MaxFound = 1_000;

    public static async Task<IQueryable<Order>> MatchingAsync(
        PortalDbContext db, Guid storeId, OrderFilter filter, CancellationToken cancellationToken) =>
        Matching(db, storeId, filter, await FindAsync(db, storeId, filter, cancellationToken));

    /// <param name="found">What <see cref="FindAsync"/> found.</param>
    public static IQueryable<Order> Matching(PortalDbContext db, Guid storeId, OrderFilter filter, IReadOnlyCollection<Guid>? found)
    {
        var orders = InTime(db.Orders.AsNoTracking().Where(order => order.StoreId == storeId), filter);
        orders = WithStatus(orders, filter);
        if (filter.Channel is { Length: > 0 } channel)
        {
            var accounts = db.ChannelAccounts.Where(account => account.StoreId == storeId && account.Channel == channel).Select(account => account.Id);
            orders = orders.Where(order => db.Attempts.Any(attempt => attempt.OrderId == order.Id && accounts.Contains(attempt.ChannelAccountId)));
        }

        if (AmountOf(filter) is { } amount)
        {
            orders = orders.Where(order => order.Amount == amount);
        }

        return found is null ? orders : orders.Where(order => found.Contains(order.Id));
    }

    /// <returns>The orders that a number names; null when the filter searches for none, or for an amount.</returns>
    public static async Task<IReadOnlyCollection<Guid>?> FindAsync(
        PortalDbContext db, Guid storeId, OrderFilter filter, CancellationToken cancellationToken) =>
        filter.Search?.Trim() is { Length: > 0 } text && AmountOf(filter) is null ? await ByNumberAsync(db, storeId, text, cancellationToken) : null;

    /// <summary>分; null when the search is none, or is for a number.</summary>
    public static long? AmountOf(OrderFilter filter) =>
        filter.Search?.Trim() is { Length: > 0 } text && text.Contains('.', StringComparison.Ordinal)
            ? Money.ParseYuan(text.TrimStart('¥', '￥').Replace(",", "", StringComparison.Ordinal))
            : null;

    private static IQueryable<Order> WithStatus(IQueryable<Order> orders, OrderFilter filter)
    {
        if (filter.Statuses is [var only])
        {
            orders = orders.Where(order => order.Status == only);
        }
        else if (filter.Statuses is { Count: > 1 } statuses)
        {
            orders = orders.Where(order => statuses.Contains(order.Status));
        }

        if (filter.AnyFlag == OrderFlags.None)
        {
            return orders;
        }

        // The first condition is the one that the index of flagged orders was made with.
        var flags = filter.AnyFlag;
        return orders.Where(order => order.Flags != OrderFlags.None && (order.Flags & flags) != OrderFlags.None);
    }

    private static IQueryable<Order> InTime(IQueryable<Order> orders, OrderFilter filter)
    {
        if (filter.From is { } from)
        {
            var first = OrderId.Floor(from);
            orders = orders.Where(order => order.Id >= first);
        }

        if (filter.Until is { } until)
        {
            var end = OrderId.Floor(until);
            orders = orders.Where(order => order.Id < end);
        }

        return orders;
    }

    private static async Task<List<Guid>> ByNumberAsync(PortalDbContext db, Guid storeId, string text, CancellationToken cancellationToken)
    {
        var number = text.ToUpperInvariant();
        // Numbers are capitals and digits only, so this range is the prefix in every collation.
        var last = number.PadRight(32, 'Z');
        var accounts = await db.ChannelAccounts.Where(account => account.StoreId == storeId).Select(account => account.Id).ToListAsync(cancellationToken);
        var found = new List<Guid>();
        if (number.Length >= MinPrefix && number.All(char.IsAsciiLetterOrDigit))
        {
#pragma warning disable CA1309 // Runs in the database.
            // Named without the store: else the database, which keeps no statistics, would read all of the store's orders.
            found.AddRange((await db.Orders
                    .Where(order => string.Compare(order.Number, number) >= 0 && string.Compare(order.Number, last) <= 0)
                    .OrderBy(order => order.Number).Select(order => new { order.Id, order.StoreId }).Take(MaxFound).ToListAsync(cancellationToken))
                .Where(order => order.StoreId == storeId).Select(order => order.Id));
#pragma warning restore CA1309
        }

        found.AddRange(await db.Orders.Where(order => order.StoreId == storeId && order.MerchantOrderNo == text).Select(order => order.Id).ToListAsync(cancellationToken));
        found.AddRange(await db.Attempts.Where(row => accounts.Contains(row.ChannelAccountId) && (row.OutTradeNo == text || row.OutTradeNo == number))
            .Select(row => row.OrderId).ToListAsync(cancellationToken));
        found.AddRange(await db.Payments.Where(row => accounts.Contains(row.ChannelAccountId) && row.ChannelTransactionId == text)
            .Select(row => row.OrderId).ToListAsync(cancellationToken));
        found.AddRange(await db.Refunds.Where(row => accounts.Contains(row.ChannelAccountId) && row.RefundNo == text)
            .Select(row => row.OrderId).ToListAsync(cancellationToken));
        return [.. found.Distinct()];
    }
}
