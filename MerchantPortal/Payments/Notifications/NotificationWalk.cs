using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Finds the next callbacks of a filter. One that allows several statuses is walked once for each along an index that is in order already, and
/// the heads are merged: no list is ever sorted as a whole.
/// </summary>
internal static class NotificationWalk
{
    /// <summary>How many of the newest callbacks are read for a message's id.</summary>
    private const int LookedThrough = 20_000;

    /// <param name="before">Only rows older than this id; null starts at the newest.</param>
    /// <returns>The newest <paramref name="take"/> and perhaps some more, in no order.</returns>
    public static async Task<List<NotificationRow>> NextAsync(
        PortalDbContext db, Guid storeId, NotificationFilter filter, Guid? before, int take, CancellationToken cancellationToken)
    {
        if (filter.SearchedText is { } text)
        {
            return await NamedAsync(db, storeId, filter, text, before, cancellationToken);
        }

        var (proven, unproven) = OfStore(db, storeId, filter);
        var rows = new List<NotificationRow>();
        foreach (var way in NotificationFilters.Ways(filter))
        {
            rows.AddRange(await Older(NotificationFilters.Narrowed(db, proven, way), before).OrderByDescending(row => row.Id).Take(take)
                .Select(NotificationFilters.ProvenRow).ToListAsync(cancellationToken));
            rows.AddRange(await Older(NotificationFilters.Narrowed(db, unproven, way), before).OrderByDescending(row => row.Id).Take(take)
                .Select(NotificationFilters.UnprovenRow).ToListAsync(cancellationToken));
        }

        return rows;
    }

    /// <returns>How many callbacks the filter finds.</returns>
    public static async Task<int> CountAsync(PortalDbContext db, Guid storeId, NotificationFilter filter, CancellationToken cancellationToken)
    {
        if (filter.SearchedText is { } text)
        {
            return (await NamedAsync(db, storeId, filter, text, before: null, cancellationToken)).Count;
        }

        var (proven, unproven) = OfStore(db, storeId, filter);
        var count = 0;
        foreach (var way in NotificationFilters.Ways(filter))
        {
            count += await NotificationFilters.Narrowed(db, proven, way).CountAsync(cancellationToken)
                + await NotificationFilters.Narrowed(db, unproven, way).CountAsync(cancellationToken);
        }

        return count;
    }

    /// <summary>What a text names is few: a limit and an order would lead a database without statistics to walk all rows instead.</summary>
    private static async Task<List<NotificationRow>> NamedAsync(
        PortalDbContext db, Guid storeId, NotificationFilter filter, string text, Guid? before, CancellationToken cancellationToken)
    {
        var rows = new List<NotificationRow>();
        foreach (var way in NotificationFilters.Ways(filter))
        {
            foreach (var named in await NotificationSearch.WaysAsync(db, storeId, way, text, cancellationToken))
            {
                rows.AddRange(await Older(named, before).Select(NotificationFilters.ProvenRow).ToListAsync(cancellationToken));
            }

            rows.AddRange(await Older(NotificationSearch.Unproven(db, storeId, way, text), before).Select(NotificationFilters.UnprovenRow).ToListAsync(cancellationToken));
        }

        return rows.Count > 0 ? [.. rows.DistinctBy(row => row.Id)] : await ByMessageAsync(db, storeId, text, before, cancellationToken);
    }

    /// <summary>No index knows the gateway's own ids of its messages, so only the newest callbacks are looked through.</summary>
    private static async Task<List<NotificationRow>> ByMessageAsync(
        PortalDbContext db, Guid storeId, string messageId, Guid? before, CancellationToken cancellationToken)
    {
        var rows = db.Inbox.Where(row => row.StoreId == storeId);
        var oldest = await rows.OrderByDescending(row => row.Id).Skip(LookedThrough).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
        rows = oldest is { } first ? rows.Where(row => row.Id > first) : rows;
        return await Older(rows, before).Where(row => row.MessageId == messageId).Select(NotificationFilters.ProvenRow).ToListAsync(cancellationToken);
    }

    /// <summary>The store's callbacks of the filter's time.</summary>
    private static (IQueryable<InboxEntry> Proven, IQueryable<RejectedCapture> Unproven) OfStore(PortalDbContext db, Guid storeId, NotificationFilter filter) =>
        (InTime(db.Inbox.Where(row => row.StoreId == storeId), filter), InTime(db.RejectedCaptures.Where(row => row.StoreId == storeId), filter));

    private static IQueryable<T> InTime<T>(IQueryable<T> rows, NotificationFilter filter)
        where T : Capture
    {
        rows = filter.From is { } from ? rows.ReceivedFrom(from) : rows;
        return filter.To is { } to ? rows.ReceivedBefore(to) : rows;
    }

    private static IQueryable<T> Older<T>(IQueryable<T> rows, Guid? before)
        where T : Capture => before is { } last ? rows.Where(row => row.Id < last) : rows;
}
