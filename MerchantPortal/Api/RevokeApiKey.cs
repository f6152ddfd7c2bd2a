using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Api;

/// <summary>Stops a key for good; the next request with it is refused.</summary>
public sealed class RevokeApiKey(PortalWriter writer, TimeProvider time)
{
    /// <returns>False when the store has no such key.</returns>
    public Task<bool> ExecuteAsync(Guid keyId, Actor actor, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var key = await db.ApiKeys.SingleOrDefaultAsync(row => row.Id == keyId && row.StoreId == actor.StoreId, ct);
            if (key is { RevokedAt: null })
            {
                key.RevokedAt = time.GetUtcNow();
            }

            return key is not null;
        },
        cancellationToken);
}
