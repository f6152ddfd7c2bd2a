using MerchantPortal.Data;

namespace MerchantPortal.Subscriptions;

/// <summary>
/// A buyer's standing consent that a gateway collects from a card (BeeCloud's 订阅). Of the buyer's papers and card only the last four
/// characters are kept.
/// </summary>
public sealed class Subscription : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>The gateway's number, unique per account.</summary>
    public required string ChannelSubscriptionId { get; init; }

    public required SubscriptionStatus Status { get; set; }

    public string? PlanId { get; set; }

    /// <summary>The merchant's own name for the buyer.</summary>
    public string? BuyerId { get; set; }

    public string? CardId { get; set; }

    public string? BankName { get; set; }

    public string? CardMasked { get; set; }

    public string? IdMasked { get; set; }

    public string? MobileMasked { get; set; }

    /// <summary>The gateway's words for why the registration failed; null otherwise.</summary>
    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastChargedAt { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

public enum SubscriptionStatus
{
    /// <summary>The gateway told of it; its word alone, for it has no query of subscriptions.</summary>
    Registered,

    /// <summary>A charge of it has been confirmed by a query.</summary>
    Active,

    /// <summary>The registration failed.</summary>
    Failed,
}
