namespace MerchantPortal.Products;

/// <summary>An uploaded picture, kept in the database so that every instance can serve it. Served at <c>/media/{id}</c>.</summary>
public sealed class ProductImage
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    /// <summary><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>, decided from the bytes.</summary>
    public required string ContentType { get; init; }

    public required byte[] Bytes { get; init; }
}
