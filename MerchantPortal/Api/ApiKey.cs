namespace MerchantPortal.Api;

/// <summary>A key for merchants' systems. Only its hash is kept.</summary>
public sealed class ApiKey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required string Name { get; set; }

    /// <summary>First characters of the key, so that people can tell keys apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key. Keys are random, so no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Space-separated scopes; <c>*</c> is all of them.</summary>
    public required string Scopes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
