using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Checks;

/// <summary>A closed day's sheet is the one that the trail names, and the day's books still end where the sheet says.</summary>
internal sealed class ClosedDays : IInvariant
{
    public string Id => "I12";

    public string Statement => "closed days are as they were closed";

    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var trigger in await AppendOnlyTables.FindUnprotectedAsync(db, nameof(PortalDbContext.DayCloses), cancellationToken))
        {
            yield return $"table {nameof(PortalDbContext.DayCloses)} can be changed, this is not in force: {trigger}";
        }

        foreach (var close in await db.DayCloses.AsNoTracking().OrderBy(row => row.Day).ToListAsync(cancellationToken))
        {
            if (await FaultOfAsync(db, close, cancellationToken) is { } fault)
            {
                yield return $"closed day {close.Day:yyyy-MM-dd}: {fault}";
            }
        }
    }

    private static async Task<string?> FaultOfAsync(PortalDbContext db, DayClose close, CancellationToken cancellationToken)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(close.SheetJson))) != close.Sha256)
        {
            return "its sheet was changed";
        }

        var target = $"{close.Day:yyyy-MM-dd}";
        if (!await db.AuditEntries.AnyAsync(
            row => row.StoreId == close.StoreId && row.Action == AuditActions.DayClosed && row.Target == target && row.AfterJson.Contains(close.Sha256), cancellationToken))
        {
            return "the trail does not name its sheet";
        }

        var books = JsonSerializer.Deserialize<DaySheet>(close.SheetJson, CloseDay.Json)?.Books;
        return books is null || await db.AnchorAsync(close.StoreId, close.Day, cancellationToken) == books
            ? null
            : "its books no longer end as its sheet says";
    }
}
