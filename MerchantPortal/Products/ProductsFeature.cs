namespace MerchantPortal.Products;

public static class ProductsFeature
{
    public static IServiceCollection AddProducts(this IServiceCollection services) => services;
}
