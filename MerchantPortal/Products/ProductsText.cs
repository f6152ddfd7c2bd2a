namespace MerchantPortal.Products;

/// <summary>Names the texts of the catalogue.</summary>
public sealed class ProductsText;
