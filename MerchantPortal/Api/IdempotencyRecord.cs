namespace MerchantPortal.Api;

/// <summary>The first answer to a create call with an <c>Idempotency-Key</c>: the same call again gets the same answer.</summary>
public sealed class IdempotencyRecord
{
    public required Guid StoreId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is an error.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Null while the first call is still running.</summary>
    public int? StatusCode { get; set; }

    public string? Body { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
