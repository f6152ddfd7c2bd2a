using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

public sealed class StoreQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <exception cref="InvalidOperationException">There is no such store.</exception>
    public async Task<Store> GetAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Stores.AsNoTracking().SingleAsync(store => store.Id == storeId, cancellationToken);
    }
}
