using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Reads how callbacks were processed, for a whole page of them at once.</summary>
public sealed class CallbackAttemptQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="captureIds">Of one store; the caller has found them there.</param>
    public async Task<ILookup<Guid, AttemptDetail>> ReadAsync(IReadOnlyCollection<Guid> captureIds, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await db.CaptureAttempts.AsNoTracking().Where(row => captureIds.Contains(row.CaptureId)).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.CaptureId, AttemptDetail.Of);
    }
}
