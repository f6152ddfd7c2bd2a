using MerchantPortal.Data;

namespace MerchantPortal.Products;

/// <summary>Something that the shop sells. Archived, never deleted: old orders name it.</summary>
public sealed class Product : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required string Name { get; set; }

    public string Description { get; set; } = "";

    /// <summary>分, at least 1.</summary>
    public required long Price { get; set; }

    /// <summary>An uploaded picture's path below the portal, or an https address; null when there is none.</summary>
    public string? ImageUrl { get; set; }

    /// <summary>Pieces left; null when the product is not counted.</summary>
    public int? Stock { get; set; }

    public DateTimeOffset? ArchivedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}
