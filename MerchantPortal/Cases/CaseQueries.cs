using System.Text.Json;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Cases;

/// <summary>Reads what a person has to look at.</summary>
public sealed class CaseQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Newest first, by id.</summary>
    /// <param name="before">Only cases older than this one; null for the first page.</param>
    public async Task<CasePage> PageAsync(Guid storeId, CaseFilter filter, Guid? before, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var matching = Matching(db, storeId, filter);
        var from = before is { } last ? matching.Where(row => row.Id < last) : matching;
        // One more than shown tells whether there is a next page.
        var rows = await RowsAsync(db, from.OrderByDescending(row => row.Id).Take(size + 1), cancellationToken);
        var shown = rows.Take(size).ToList();
        return new CasePage(shown, rows.Count > size ? shown[^1].Case.Id : null);
    }

    /// <summary>How many are open, by kind; kinds without any are left out.</summary>
    public async Task<IReadOnlyDictionary<CaseKind, int>> CountOpenAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Cases.Where(row => row.StoreId == storeId && row.Status == CaseStatus.Open)
            .GroupBy(row => row.Kind).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
    }

    /// <summary>All of an order, open ones first.</summary>
    public async Task<IReadOnlyList<CaseRow>> OfOrderAsync(Guid storeId, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await RowsAsync(
            db,
            db.Cases.AsNoTracking().Where(row => row.OrderId == orderId && row.StoreId == storeId).OrderBy(row => row.Status == CaseStatus.Resolved).ThenByDescending(row => row.Id),
            cancellationToken);
    }

    /// <returns>Null when the store has no such case.</returns>
    public async Task<CaseRow?> FindAsync(Guid storeId, Guid caseId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return (await RowsAsync(db, db.Cases.AsNoTracking().Where(row => row.Id == caseId && row.StoreId == storeId), cancellationToken)).SingleOrDefault();
    }

    private static IQueryable<Case> Matching(PortalDbContext db, Guid storeId, CaseFilter filter)
    {
        var cases = db.Cases.AsNoTracking().Where(row => row.StoreId == storeId);
        // A constant, so that the index of the open ones serves.
        cases = filter.Resolved ? cases.Where(row => row.Status == CaseStatus.Resolved) : cases.Where(row => row.Status == CaseStatus.Open);
        cases = filter.Kind is { } kind ? cases.Where(row => row.Kind == kind) : cases;
        return filter.OwnerId is { } owner ? cases.Where(row => row.OwnerId == owner) : filter.Unowned ? cases.Where(row => row.OwnerId == null) : cases;
    }

    private static async Task<List<CaseRow>> RowsAsync(PortalDbContext db, IQueryable<Case> cases, CancellationToken cancellationToken)
    {
        var rows = await (
            from row in cases
            join order in db.Orders on row.OrderId equals (Guid?)order.Id into orders
            from order in orders.DefaultIfEmpty()
            join capture in db.Inbox on row.CaptureId equals (Guid?)capture.Id into captures
            from capture in captures.DefaultIfEmpty()
            select new { row, order, Reason = capture == null ? null : capture.Reason }).ToListAsync(cancellationToken);
        return rows.ConvertAll(found => new CaseRow(
            found.row,
            found.order?.Number,
            found.order?.Subject,
            found.Reason,
            JsonSerializer.Deserialize<Dictionary<string, string>>(found.row.DataJson) ?? []));
    }
}

/// <param name="Resolved">Those that have ended, instead of those that are open.</param>
/// <param name="Kind">Null: any.</param>
/// <param name="OwnerId">Whose; null: anybody's.</param>
/// <param name="Unowned">Only those that nobody looks after.</param>
public sealed record CaseFilter(bool Resolved = false, CaseKind? Kind = null, string? OwnerId = null, bool Unowned = false);

/// <param name="Older">Where the next page starts; null on the last.</param>
public sealed record CasePage(IReadOnlyList<CaseRow> Rows, Guid? Older);

/// <summary>A case with what people call the things that it is about.</summary>
/// <param name="OrderNumber">Null for a case without an order.</param>
/// <param name="CallbackReason">Of the callback that it is about; null where there is none.</param>
/// <param name="Data">Values for the sentence.</param>
public sealed record CaseRow(Case Case, string? OrderNumber, string? OrderSubject, string? CallbackReason, IReadOnlyDictionary<string, string> Data);
