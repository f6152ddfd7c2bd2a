using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Finds proven callbacks by a number: through the attempts and payments whose indexes know it, and among the few that belong to no order.
/// The inbox itself is read along no number, so that booking a payment has no index more to write.
/// </summary>
internal static class NotificationSearch
{
    /// <summary>Day and one random character: below that a prefix is not a search but a date.</summary>
    private const int MinPrefix = 8;

    private const int MaxFound = 1_000;

    /// <returns>What the text names, in no order; each is found by the ids of a few orders, or by its own.</returns>
    public static async Task<IReadOnlyList<IQueryable<InboxEntry>>> WaysAsync(
        PortalDbContext db, Guid storeId, NotificationFilter filter, string text, CancellationToken cancellationToken)
    {
        var accounts = await db.ChannelAccounts.Where(row => row.StoreId == storeId).Select(row => row.Id).ToListAsync(cancellationToken);
        var number = text.ToUpperInvariant();
        var orders = await OrdersAsync(db, accounts, text, number, cancellationToken);
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        // Named without the store: else a database that keeps no statistics would read all of the store's callbacks.
        return
        [
            InTime(NotificationFilters.Narrowed(db, db.Inbox.Where(row => row.Id == id && row.StoreId == storeId), filter), filter),
            Matching(NotificationFilters.Narrowed(db, db.Inbox.Where(row => orders.Contains(row.OrderId)), filter)),
            Matching(NotificationFilters.Narrowed(db, db.Inbox.Where(row => row.OrderId == null && accounts.Contains(row.ChannelAccountId)), filter)),
        ];

        IQueryable<InboxEntry> Matching(IQueryable<InboxEntry> rows) => InTime(rows, filter).Where(row =>
            (row.OutTradeNo != null && (row.OutTradeNo.StartsWith(text) || row.OutTradeNo.StartsWith(number)))
            || row.ChannelTransactionId == text || row.MessageId == text);
    }

    /// <summary>What an unproven body says is hearsay: it is found by its own id only.</summary>
    public static IQueryable<RejectedCapture> Unproven(PortalDbContext db, Guid storeId, NotificationFilter filter, string text)
    {
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        return InTime(NotificationFilters.Narrowed(db, db.RejectedCaptures.Where(row => row.Id == id && row.StoreId == storeId), filter), filter);
    }

    private static IQueryable<T> InTime<T>(IQueryable<T> rows, NotificationFilter filter)
        where T : Capture
    {
        rows = filter.From is { } from ? rows.Where(row => row.ReceivedAt >= from) : rows;
        return filter.To is { } to ? rows.Where(row => row.ReceivedAt < to) : rows;
    }

    private static async Task<List<Guid?>> OrdersAsync(
        PortalDbContext db, List<Guid> accounts, string text, string number, CancellationToken cancellationToken)
    {
        var found = await db.Payments.Where(row => accounts.Contains(row.ChannelAccountId) && row.ChannelTransactionId == text)
            .Select(row => (Guid?)row.OrderId).ToListAsync(cancellationToken);
        found.AddRange(await db.Attempts.Where(row => accounts.Contains(row.ChannelAccountId) && row.OutTradeNo == text)
            .Select(row => (Guid?)row.OrderId).ToListAsync(cancellationToken));
        if (number.Length < MinPrefix || !number.All(char.IsAsciiLetterOrDigit))
        {
            return found;
        }

        // Numbers are capitals and digits only, so this range is the prefix in every collation.
        var last = number.PadRight(64, 'Z');
#pragma warning disable CA1309 // Runs in the database.
        found.AddRange(await db.Attempts
            .Where(row => accounts.Contains(row.ChannelAccountId) && string.Compare(row.OutTradeNo, number) >= 0 && string.Compare(row.OutTradeNo, last) <= 0)
            .Select(row => (Guid?)row.OrderId).Take(MaxFound).ToListAsync(cancellationToken));
#pragma warning restore CA1309
        return [.. found.Distinct()];
    }
}
