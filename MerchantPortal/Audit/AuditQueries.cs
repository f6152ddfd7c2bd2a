using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Audit;

/// <summary>Reads of the audit trail, newest first.</summary>
public sealed class AuditQueries(IDbContextFactory<PortalDbContext> contexts)
{
    private const int Slice = 500;
    private const int MaxOfTarget = 20;

    /// <param name="before">Only entries with smaller numbers; null starts at the newest.</param>
    public async Task<AuditPage> PageAsync(Guid storeId, AuditFilter filter, long? before, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await Matching(db, storeId, filter).Where(row => before == null || row.Number < before)
            .OrderByDescending(row => row.Number).Take(size + 1).ToListAsync(cancellationToken);
        return new AuditPage([.. rows.Take(size)], rows.Count > size ? rows[size - 1].Number : null);
    }

    /// <summary>Everyone who has acted, by name.</summary>
    public async Task<IReadOnlyList<string>> PeopleAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.AuditEntries.Where(row => row.StoreId == storeId).Select(row => row.ActorName).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);
    }

    /// <summary>The newest acts on one thing.</summary>
    /// <param name="target">As the trail names it: an order's number, an account's name.</param>
    public async Task<IReadOnlyList<AuditEntry>> OfTargetAsync(Guid storeId, string target, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.AuditEntries.AsNoTracking().Where(row => row.StoreId == storeId && row.Target == target)
            .OrderByDescending(row => row.Number).Take(MaxOfTarget).ToListAsync(cancellationToken);
    }

    /// <summary>All entries of a filter, oldest first, in slices: memory stays flat.</summary>
    public async IAsyncEnumerable<AuditEntry> AllAsync(Guid storeId, AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        List<AuditEntry> slice;
        do
        {
            await using (var db = contexts.CreateDbContext())
            {
                slice = await Matching(db, storeId, filter).Where(row => row.Number > after).OrderBy(row => row.Number).Take(Slice).ToListAsync(cancellationToken);
            }

            foreach (var entry in slice)
            {
                yield return entry;
                after = entry.Number;
            }
        }
        while (slice.Count == Slice);
    }

    private static IQueryable<AuditEntry> Matching(PortalDbContext db, Guid storeId, AuditFilter filter)
    {
        var rows = db.AuditEntries.AsNoTracking().Where(row => row.StoreId == storeId);
        rows = filter.Person is { } person ? rows.Where(row => row.ActorName == person) : rows;
        rows = filter.Action is { } action ? rows.Where(row => row.Action == action) : rows;
        rows = filter.Target is { } target ? rows.Where(row => row.Target.Contains(target)) : rows;
        rows = filter.From is { } from ? rows.Where(row => row.At >= from) : rows;
        return filter.Before is { } before ? rows.Where(row => row.At < before) : rows;
    }
}

/// <param name="Older">Cursor of the next page; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Rows, long? Older);
