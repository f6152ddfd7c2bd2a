using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Products;

/// <summary>Takes a product off sale, or puts it back. Orders that name it stay as they are.</summary>
public sealed class ArchiveProduct(PortalWriter writer, TimeProvider time)
{
    /// <returns>Null when the store has no such product; otherwise the product as it is now.</returns>
    public Task<Product?> ExecuteAsync(Guid productId, bool archived, Actor actor, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var product = await db.Products.SingleOrDefaultAsync(row => row.Id == productId && row.StoreId == actor.StoreId, ct);
            if (product is not null && archived != product.ArchivedAt.HasValue)
            {
                product.ArchivedAt = archived ? time.GetUtcNow() : null;
            }

            return product;
        },
        cancellationToken);
}
