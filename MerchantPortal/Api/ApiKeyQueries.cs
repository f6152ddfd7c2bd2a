using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Api;

public sealed class ApiKeyQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>All keys of a store, newest first, revoked ones too.</summary>
    public async Task<IReadOnlyList<ApiKeyView>> ListAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ApiKeys.Where(key => key.StoreId == storeId).OrderByDescending(key => key.Id)
            .Select(key => new ApiKeyView(key.Id, key.Name, key.Prefix, key.Scopes, key.CreatedAt, key.LastUsedAt, key.RevokedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Whether a key that was usable a moment ago still is.</summary>
    public async Task<bool> IsUsableAsync(Guid keyId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ApiKeys.AnyAsync(key => key.Id == keyId && key.RevokedAt == null, cancellationToken);
    }

    /// <returns>Null when no key has this text, or it is revoked.</returns>
    internal async Task<ApiKey?> FindUsableAsync(string presented, CancellationToken cancellationToken)
    {
        var hash = HashOf(presented);
        await using var db = contexts.CreateDbContext();
        return await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Hash == hash && key.RevokedAt == null, cancellationToken);
    }

    internal static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <param name="Prefix">First characters of the key; the rest is known to nobody here.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Prefix, string Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);
