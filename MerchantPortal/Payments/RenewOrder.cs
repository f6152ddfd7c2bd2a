using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Janitor;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>Gives an expired, unpaid order another lifetime; the next start of a payment closes the old attempt and makes a new one.</summary>
public sealed class RenewOrder(PortalWriter writer, ClockJumps jumps, TimeProvider time)
{
    /// <returns>False when the order is not pending; a renewed order that has not expired stays as it is.</returns>
    public Task<bool> ExecuteAsync(Guid orderId, Actor actor, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var order = await db.Orders.SingleAsync(row => row.Id == orderId && row.StoreId == actor.StoreId, ct);
            var now = time.GetUtcNow();
            // The order's end is kept by the clock that it was placed by.
            var byItsClock = now - jumps.Observe().For(order.CreatedAt);
            if (order.Status == OrderStatus.Pending && order.ExpiresAt <= byItsClock)
            {
                order.ExpiresAt = byItsClock + PlaceOrder.DefaultLifetime;
                await db.RecordAsync(order, TimelineKind.OrderRenewed, actor, now, ct);
            }

            return order.Status == OrderStatus.Pending;
        },
        cancellationToken);
}
