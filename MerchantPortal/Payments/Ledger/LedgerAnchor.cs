using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Ledger;

/// <summary>What proves on paper that the books of a day are as they were.</summary>
/// <param name="Entries">Rows of the day.</param>
/// <param name="Hash">Newest hash of the day's chain, 64 hex digits.</param>
public sealed record LedgerAnchor(DateOnly Day, long Entries, string Hash);

internal static class LedgerAnchors
{
    /// <returns>Null when nothing was booked on the day.</returns>
    public static async Task<LedgerAnchor?> AnchorAsync(this PortalDbContext db, Guid storeId, DateOnly day, CancellationToken cancellationToken)
    {
        var chain = LedgerEntry.Chain(day);
        var head = await db.ChainHeads.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Chain == chain, cancellationToken);
        return head is null ? null : new LedgerAnchor(day, head.Number, Convert.ToHexStringLower(head.Hash));
    }
}
