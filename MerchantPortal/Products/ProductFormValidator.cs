using FluentValidation;

namespace MerchantPortal.Products;

/// <summary>What a product must be. The codes are stable: the API answers them and the console translates them.</summary>
internal sealed class ProductFormValidator : AbstractValidator<ProductForm>
{
    public const int MaxStock = 1_000_000;

    public ProductFormValidator()
    {
        RuleFor(form => form.Name).Cascade(CascadeMode.Stop)
            .NotEmpty().WithErrorCode("name_missing")
            .MaximumLength(200).WithErrorCode("name_too_long")
            .Must(BePlainText).WithErrorCode("name_invalid");
        RuleFor(form => form.Description).Cascade(CascadeMode.Stop)
            .NotNull().WithErrorCode("description_invalid")
            .MaximumLength(4000).WithErrorCode("description_too_long")
            .Must(BePlainText).WithErrorCode("description_invalid");
        RuleFor(form => form.Price).InclusiveBetween(1, Money.MaxOrderAmount).WithErrorCode("price_out_of_range");
        RuleFor(form => form.Stock).InclusiveBetween(0, MaxStock).WithErrorCode("stock_out_of_range");
        RuleFor(form => form.ImageUrl).Must(BePicture).WithErrorCode("image_url_invalid");
    }

    /// <summary>Control and direction-changing characters would let a name read differently from what it is.</summary>
    private static bool BePlainText(string text) =>
        !text.Any(c => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    private static bool BePicture(string? url) =>
        string.IsNullOrEmpty(url)
        || (url.StartsWith("/media/", StringComparison.Ordinal) && Guid.TryParse(url.AsSpan("/media/".Length), out _))
        || (url.Length <= 2000 && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps && parsed.UserInfo.Length == 0);
}
