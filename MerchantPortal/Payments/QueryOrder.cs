using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Asks the gateway about an order: its open attempt, else the newest one that reached the gateway, so that money which came after
/// closing is found too.
/// </summary>
public sealed class QueryOrder(IDbContextFactory<PortalDbContext> contexts, QueryAttempt query)
{
    /// <returns>Null when there is nothing to ask about.</returns>
    public async Task<QueryOutcome?> ExecuteAsync(Guid orderId, Actor actor, CancellationToken cancellationToken)
    {
        Guid? attemptId;
        await using (var db = contexts.CreateDbContext())
        {
            attemptId = await db.Attempts.Where(row => row.OrderId == orderId && row.StoreId == actor.StoreId && row.Status != AttemptStatus.Failed)
                .OrderByDescending(row => row.Status == AttemptStatus.Created || row.Status == AttemptStatus.Prompted).ThenByDescending(row => row.Id)
                .Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
        }

        return attemptId is { } id ? await query.ExecuteAsync(id, actor, cancellationToken) : null;
    }
}
