namespace MerchantPortal.Subscriptions;

/// <summary>
/// A signed timestamp that was used. Where the signature covers nothing else, one timestamp is good for one message; the unique index
/// on (account, timestamp) makes that true for two that come at once.
/// </summary>
public sealed class SubscriptionTimestamp
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid ChannelAccountId { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Timestamp { get; init; }

    /// <summary>SHA-256 of the body that came under it: the same bytes may come again.</summary>
    public required byte[] BodyHash { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}
