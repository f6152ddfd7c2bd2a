using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Products;

/// <summary>Reads the catalogue.</summary>
public sealed class ProductQueries(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="search">Part of a name; a catalogue is small enough to be read for it.</param>
    /// <param name="olderThan">The last row of the page before; null for the first page.</param>
    public async Task<ProductPage> PageAsync(
        Guid storeId, string? search, bool archived, Guid? olderThan, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var products = db.Products.AsNoTracking().Where(product => product.StoreId == storeId && (product.ArchivedAt != null) == archived);
        if (search?.Trim() is { Length: > 0 } text)
        {
            var lower = text.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Runs in the database, which knows neither cultures nor comparisons.
            products = products.Where(product => product.Name.ToLower().Contains(lower));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (olderThan is { } cursor)
        {
            products = products.Where(product => product.Id < cursor);
        }

        var rows = await products.OrderByDescending(product => product.Id).Take(size + 1).ToListAsync(cancellationToken);
        var hasMore = rows.Count > size;
        return new ProductPage(hasMore ? rows.GetRange(0, size) : rows, hasMore);
    }

    public async Task<Product?> FindAsync(Guid storeId, Guid productId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Id == productId && product.StoreId == storeId, cancellationToken);
    }

    /// <summary>False for a store that has never had a product.</summary>
    public async Task<bool> AnyAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Products.AnyAsync(product => product.StoreId == storeId, cancellationToken);
    }

    public async Task<ProductImage?> FindImageAsync(Guid imageId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ProductImages.AsNoTracking().SingleOrDefaultAsync(image => image.Id == imageId, cancellationToken);
    }
}

/// <summary>Newest first.</summary>
public sealed record ProductPage(IReadOnlyList<Product> Rows, bool HasMore);
