using MerchantPortal.Products;

namespace MerchantPortal.Orders.Pages;

/// <summary>What a new order can be made of.</summary>
public sealed class NewOrderSources(ProductQueries products, OrderQueries orders)
{
    public async Task<IReadOnlyList<Product>> ProductsAsync(Guid storeId, int max) =>
        (await products.PageAsync(storeId, null, archived: false, olderThan: null, max, CancellationToken.None)).Rows;

    public Task<PaymentMode> UsualModeAsync(Guid storeId) => orders.UsualModeAsync(storeId, CancellationToken.None);
}
