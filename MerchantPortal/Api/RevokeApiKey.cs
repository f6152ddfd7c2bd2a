using MerchantPortal.Accounts;
using MerchantPortal.Audit;
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
                await db.AuditAsync(actor, new(AuditActions.ApiKeyRevoked, key.Name, Before: Facts(key)), time.GetUtcNow(), ct);
            }

            return key is not null;
        },
        cancellationToken);

    /// <summary>What may be known of a key.</summary>
    internal static Dictionary<string, string> Facts(ApiKey key) => new() { ["prefix"] = key.Prefix, ["scopes"] = key.Scopes };
}
