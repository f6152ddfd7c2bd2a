using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>Gives an expired, unpaid order another lifetime; the next start of a payment closes the old attempt and makes a new one.</summary>
public sealed class RenewOrder(PortalWriter writer, TimeProvider time)
{
    /// <returns>False when the order is not pending; a renewed order that has not expired stays as it is.</returns>
    public Task<bool> ExecuteAsync(Guid orderId, Actor actor, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var order = await db.Orders.SingleAsync(row => row.Id == orderId && row.StoreId == actor.StoreId, ct);
            var now = time.GetUtcNow();
            if (order.Status == OrderStatus.Pending && order.ExpiresAt <= now)
            {
                order.ExpiresAt = now + PlaceOrder.DefaultLifetime;
                await db.RecordAsync(order, TimelineKind.OrderRenewed, actor, now, ct);
            }

            return order.Status == OrderStatus.Pending;
        },
        cancellationToken);
}
