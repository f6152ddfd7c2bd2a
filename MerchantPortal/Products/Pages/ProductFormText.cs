using System.Globalization;

namespace MerchantPortal.Products.Pages;

/// <summary>What a person typed for a product.</summary>
internal sealed class ProductFormText
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>Yuan, as typed.</summary>
    public string PriceText { get; set; } = "";

    /// <summary>Blank: not counted.</summary>
    public string StockText { get; set; } = "";

    public string? ImageUrl { get; set; }

    public static ProductFormText Of(Product product) => new()
    {
        Name = product.Name,
        Description = product.Description,
        PriceText = Money.ToYuan(product.Price),
        StockText = product.Stock?.ToString(CultureInfo.InvariantCulture) ?? "",
        ImageUrl = product.ImageUrl,
    };

    /// <returns>The form, or null with one code per field that cannot be read.</returns>
    public (ProductForm? Form, IReadOnlyDictionary<string, string> Errors) Read()
    {
        var errors = new Dictionary<string, string>();
        if (Money.ParseYuan(PriceText.Trim().TrimStart('¥', '￥').Replace(",", "", StringComparison.Ordinal)) is not { } price)
        {
            errors["Price"] = "price_unreadable";
            price = 0;
        }

        int? stock = null;
        if (!string.IsNullOrWhiteSpace(StockText))
        {
            if (int.TryParse(StockText.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pieces))
            {
                stock = pieces;
            }
            else
            {
                errors["Stock"] = "stock_unreadable";
            }
        }

        return (errors.Count > 0 ? null : new ProductForm(Name, Description, price, ImageUrl, stock), errors);
    }
}
