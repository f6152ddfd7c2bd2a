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
        // The payment names the store: asked for it here, a database without statistics would read all of the store's entries.
        var paid = db.Payments.Where(payment => payment.OrderId == orderId && payment.StoreId == storeId)
            .Join(db.LedgerEntries, payment => payment.Id, entry => entry.MovementId, (_, entry) => entry).Where(entry => entry.Movement == LedgerMovement.Payment);
        // The second condition is the one that the index was made with.
        var others = db.LedgerEntries.Where(entry => entry.StoreId == storeId && entry.OrderId == orderId && entry.Movement != LedgerMovement.Payment);
        return await paid.Concat(others).AsNoTracking()
            .OrderBy(entry => entry.Day).ThenBy(entry => entry.Number).ToListAsync(cancellationToken);
    }
}
