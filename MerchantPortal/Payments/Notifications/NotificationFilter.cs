namespace MerchantPortal.Payments.Notifications;

/// <summary>Which callbacks a list, or a replay in bulk, is about. Null and empty parts do not narrow it.</summary>
public sealed record NotificationFilter
{
    public NotificationTab Tab { get; init; }

    public CallbackStatus? Status { get; init; }

    public string? Channel { get; init; }

    public Guid? AccountId { get; init; }

    public string? Reason { get; init; }

    /// <summary>Beginning of an order's or attempt's number, a whole transaction or message id, or a callback's own id.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>True when a person chose anything beyond the tab.</summary>
    public bool IsNarrowed => Status is not null || Channel is not null || AccountId is not null || Reason is not null || !string.IsNullOrWhiteSpace(Text);
}

public enum NotificationTab
{
    All,

    /// <summary>Rejected or quarantined.</summary>
    Failed,

    /// <summary>Given up by the portal's own retries.</summary>
    DeadLetters,
    Deferred,
    Duplicates,
    UnknownOrder,

    /// <summary>Replayed by a person.</summary>
    Replayed,
}
