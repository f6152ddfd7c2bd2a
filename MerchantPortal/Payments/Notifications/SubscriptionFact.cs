namespace MerchantPortal.Payments.Notifications;

/// <summary>What a message says of a standing order to collect (BeeCloud's 订阅). Amounts are 分; texts have at most <see cref="MaxText"/> characters.</summary>
/// <param name="Succeeded">False: the registration or the charge failed, see <see cref="FailureReason"/>.</param>
public sealed record SubscriptionFact(SubscriptionEvent Event, bool Succeeded)
{
    public const int MaxText = 100;

    /// <summary>The gateway's number of the subscription; null where a failed charge does not tell it.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The gateway's number of the bill; null for <see cref="SubscriptionEvent.Registered"/>.</summary>
    public string? ChargeId { get; init; }

    /// <summary>Null when the message lacks it or it cannot be read exactly.</summary>
    public long? Amount { get; init; }

    public string? PlanId { get; init; }

    /// <summary>The merchant's own name for the buyer.</summary>
    public string? BuyerId { get; init; }

    public string? CardId { get; init; }

    public string? BankName { get; init; }

    /// <summary>All but the last four characters masked, like the two below.</summary>
    public string? CardMasked { get; init; }

    public string? IdMasked { get; init; }

    public string? MobileMasked { get; init; }

    public string? FailureReason { get; init; }

    /// <summary>Milliseconds since 1970: the one thing that is signed, good for one message.</summary>
    public long Timestamp { get; init; }

    /// <summary>False: the timestamp is too far from the arrival to be believed without asking.</summary>
    public bool IsFresh { get; init; }
}

public enum SubscriptionEvent
{
    Registered,
    Charge,
}
