using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Janitor;

/// <summary>
/// Closes orders that nobody has paid in time, so that the pieces they hold go back on sale. Only those without an open attempt: each
/// attempt is asked about and closed at the gateway first, however long that takes.
/// </summary>
public sealed class CloseExpiredOrders(IDbContextFactory<PortalDbContext> contexts, CloseOrder close, ClockJumps jumps, TimeProvider time)
{
    /// <summary>A buyer who comes back this soon after the end may renew the order.</summary>
    public static readonly TimeSpan RenewableFor = TimeSpan.FromMinutes(15);

    private const int Batch = 100;

    /// <summary>The oldest of those that are due.</summary>
    internal async Task<IReadOnlyList<ExpiredOrder>> FindAsync(CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() - RenewableFor;
        var lead = jumps.Observe();
        var endOfEarlier = end - lead.By;
        await using var db = contexts.CreateDbContext();
        return await db.Orders
            .Where(order => order.Status == OrderStatus.Pending && order.ExpiresAt <= end && (order.CreatedAt >= lead.Since || order.ExpiresAt <= endOfEarlier)
                && !db.Attempts.Any(row => row.OrderId == order.Id && (row.Status == AttemptStatus.Created || row.Status == AttemptStatus.Prompted)))
            .OrderBy(order => order.ExpiresAt).Select(order => new ExpiredOrder(order.Id, order.StoreId)).Take(Batch).ToListAsync(cancellationToken);
    }

    /// <exception cref="LeaseLostException">Another instance does the job by now.</exception>
    internal async Task ExecuteAsync(IReadOnlyList<ExpiredOrder> expired, HeldLease lease, CancellationToken cancellationToken)
    {
        foreach (var order in expired)
        {
            await close.ExecuteAsync(order.Id, new Asker(Actor.System(order.StoreId), lease), cancellationToken);
        }
    }
}

internal sealed record ExpiredOrder(Guid Id, Guid StoreId);
