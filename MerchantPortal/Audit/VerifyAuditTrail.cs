using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Audit;

/// <summary>Recomputes a store's audit chain from its first entry.</summary>
public sealed class VerifyAuditTrail(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="progress">Told the number of entries read so far.</param>
    public async Task<AuditProof> ExecuteAsync(Guid storeId, IProgress<long> progress, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        await using var snapshot = await ReadSnapshot.BeginAsync(db, cancellationToken);
        var newest = await db.AuditEntries.AsNoTracking().Where(row => row.StoreId == storeId).OrderByDescending(row => row.Number)
            .Select(row => new { row.Number, row.At }).FirstOrDefaultAsync(cancellationToken);
        await foreach (var fault in ChainVerification.FindFaultsAsync(db, AuditChain.Table, storeId, progress, cancellationToken))
        {
            return new AuditProof(newest?.Number ?? 0, newest?.At, fault);
        }

        return new AuditProof(newest?.Number ?? 0, newest?.At, null);
    }
}

/// <param name="Until">Of the newest entry; null when there is none.</param>
/// <param name="Fault">The first break of the chain, in English; null when it is intact.</param>
public sealed record AuditProof(long Entries, DateTimeOffset? Until, string? Fault);
