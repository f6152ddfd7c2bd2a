using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Products;

/// <summary>
/// Pieces of counted products are held from the moment an order is placed until it is closed. Runs inside the caller's
/// transaction; the product's version makes two takers meet.
/// </summary>
public static class StockHold
{
    /// <summary>Gives back what a closed order held.</summary>
    public static async Task ReleaseAsync(PortalDbContext db, Guid orderId, CancellationToken cancellationToken)
    {
        foreach (var (product, quantity) in await CountedAsync(db, orderId, cancellationToken))
        {
            product.Stock += quantity;
        }
    }

    /// <summary>For money that came after closing: takes the pieces once more.</summary>
    /// <returns>False when some are gone; nothing is taken then.</returns>
    public static async Task<bool> TakeAgainAsync(PortalDbContext db, Guid orderId, CancellationToken cancellationToken)
    {
        var counted = await CountedAsync(db, orderId, cancellationToken);
        if (counted.Any(line => line.Product.Stock < line.Quantity))
        {
            return false;
        }

        foreach (var (product, quantity) in counted)
        {
            product.Stock -= quantity;
        }

        return true;
    }

    private static async Task<List<(Product Product, int Quantity)>> CountedAsync(PortalDbContext db, Guid orderId, CancellationToken cancellationToken)
    {
        var lines = await db.OrderLines.Where(line => line.OrderId == orderId)
            .Join(db.Products, line => line.ProductId, product => product.Id, (line, product) => new { product, line.Quantity })
            .Where(row => row.product.Stock != null)
            .ToListAsync(cancellationToken);
        return [.. lines.GroupBy(row => row.product).Select(group => (group.Key, group.Sum(row => row.Quantity)))];
    }
}
