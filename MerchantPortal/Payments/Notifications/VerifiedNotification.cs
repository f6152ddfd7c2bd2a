namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// A fact that a gateway has signed. Only a channel makes one (from <c>Verify</c> or from a signed answer to a query), and the
/// state machine accepts nothing else, so unverified data cannot move money. Amounts are 分.
/// </summary>
public sealed record VerifiedNotification
{
    public required NotificationKind Kind { get; init; }

    public required NotificationSource Source { get; init; }

    /// <summary>The gateway's id of the message; null for a query's answer.</summary>
    public string? MessageId { get; init; }

    /// <summary>Null or empty when the message lacks it.</summary>
    public string? OutTradeNo { get; init; }

    public string? ChannelTransactionId { get; init; }

    /// <summary>
    /// True where nobody vouches for <see cref="ChannelTransactionId"/>: a repeat with another number is then no proof of more money.
    /// </summary>
    public bool TransactionIsUnsigned { get; init; }

    /// <summary>The order's total; null when the message lacks it or it cannot be read exactly.</summary>
    public long? Amount { get; init; }

    /// <summary>True for a message of a refund that never tells the order's total, only the refund's own amount.</summary>
    public bool OmitsTotal { get; init; }

    /// <summary>Null when this kind of message never tells it.</summary>
    public string? Currency { get; init; }

    /// <summary>Null when this kind of message never tells it; empty when it should have and did not.</summary>
    public string? AppId { get; init; }

    /// <summary>Null when this kind of message never tells it; empty when it should have and did not.</summary>
    public string? MerchantId { get; init; }

    /// <summary>The gateway's time of the event; null when it told none.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    public string? PayerMasked { get; init; }

    /// <summary>Once paid, the gateway wants to be told that the buyer has the goods; see <see cref="Channels.IDeliveryReporting"/>.</summary>
    public bool OwesDeliveryReport { get; init; }

    /// <summary>Set for the refund kinds.</summary>
    public RefundFact? Refund { get; init; }

    /// <summary>Set for <see cref="NotificationKind.Subscription"/>.</summary>
    public SubscriptionFact? Subscription { get; init; }
}

/// <param name="RefundNo">Our number; null or empty when the message lacks it (a refund made in the gateway's own console).</param>
/// <param name="Amount">Of this refund; null where the gateway only tells the sum so far.</param>
/// <param name="TotalRefunded">Sum of all refunds of this payment so far; null where the gateway only tells this one.</param>
public sealed record RefundFact(string? RefundNo, string? ChannelRefundId, long? Amount, long? TotalRefunded);

public enum NotificationSource
{
    Notification,
    Query,
}
