using MerchantPortal.Data;

namespace MerchantPortal.Subscriptions;

/// <summary>One collection of a subscription, under a bill number that the gateway made. Counts once, whatever the number of messages. Amounts are 分.</summary>
public sealed class SubscriptionCharge : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>Null where a failed charge does not say whose it is.</summary>
    public Guid? SubscriptionId { get; set; }

    /// <summary>The gateway's bill number, unique per account.</summary>
    public required string ChannelChargeId { get; init; }

    /// <summary>Null where a failed charge does not tell it.</summary>
    public long? Amount { get; set; }

    public required SubscriptionChargeStatus Status { get; set; }

    /// <summary>The gateway's words; null for money that came.</summary>
    public string? FailureReason { get; set; }

    /// <summary>The gateway's time.</summary>
    public required DateTimeOffset OccurredAt { get; set; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

public enum SubscriptionChargeStatus
{
    Succeeded,
    Failed,
}
