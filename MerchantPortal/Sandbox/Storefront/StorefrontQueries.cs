using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Storefront;

/// <summary>What the pretended shop has in its cart.</summary>
public sealed class StorefrontQueries(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <returns>The newest test order that can still be paid, and the pages that may show it; null when there is none.</returns>
    public async Task<StorefrontCart?> NewestAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var order = await db.Orders.AsNoTracking()
            .Where(row => row.Mode == PaymentMode.Test && row.Status == OrderStatus.Pending && row.ExpiresAt > now)
            .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return order is null
            ? null
            : new StorefrontCart(order, (await db.Stores.AsNoTracking().SingleAsync(row => row.Id == order.StoreId, cancellationToken)).EmbedOrigins);
    }
}

/// <param name="Allowed">Origins that may show the checkout of the order's store.</param>
public sealed record StorefrontCart(Order Order, IReadOnlyList<string> Allowed);
