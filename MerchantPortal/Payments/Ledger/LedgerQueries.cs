using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Ledger;

/// <summary>Reads of a store's books.</summary>
public sealed class LedgerQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Everything booked for an order, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> OfOrderAsync(Guid storeId, Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.LedgerEntries.AsNoTracking().Where(entry => entry.StoreId == storeId && entry.OrderId == orderId)
            .OrderBy(entry => entry.Day).ThenBy(entry => entry.Number).ToListAsync(cancellationToken);
    }
}
