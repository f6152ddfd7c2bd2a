using MerchantPortal.Accounts;
using MerchantPortal.Data;

namespace MerchantPortal.Products;

/// <summary>Keeps a picture, so that a product may show it.</summary>
public sealed class UploadProductImage(PortalWriter writer)
{
    public const int MaxBytes = 2 * 1024 * 1024;

    private const int MaxSide = 6_000;

    public async Task<UploadProductImageResult> ExecuteAsync(byte[] bytes, Actor actor, CancellationToken cancellationToken)
    {
        if (bytes.Length > MaxBytes)
        {
            return new UploadProductImageResult.TooLarge();
        }

        if (PictureFormat.Read(bytes) is not { } format)
        {
            return new UploadProductImageResult.NotAPicture();
        }

        if (format.Width is < 1 or > MaxSide || format.Height is < 1 or > MaxSide)
        {
            return new UploadProductImageResult.TooLarge();
        }

        var image = new ProductImage { StoreId = actor.StoreId, ContentType = format.ContentType, Bytes = bytes };
        await writer.WriteAsync(
            (db, _) =>
            {
                db.ProductImages.Add(image);
                return Task.FromResult(true);
            },
            cancellationToken);
        return new UploadProductImageResult.Stored($"/media/{image.Id:N}");
    }
}

public abstract record UploadProductImageResult
{
    /// <param name="Url">Path below the portal, for <see cref="Product.ImageUrl"/>.</param>
    public sealed record Stored(string Url) : UploadProductImageResult;

    /// <summary>More than 2 MiB, or a side longer than 6,000 pixels.</summary>
    public sealed record TooLarge : UploadProductImageResult;

    /// <summary>Not PNG, JPEG or WebP, whatever it is called.</summary>
    public sealed record NotAPicture : UploadProductImageResult;
}
