namespace MerchantPortal.Payments.Notifications;

/// <summary>Which callbacks a list, or a replay in bulk, is about. Null and empty parts do not narrow it.</summary>
public sealed record NotificationFilter
{
    public NotificationTab Tab { get; init; }

    public CallbackStatus? Status { get; init; }

    public string? Channel { get; init; }

    public Guid? AccountId { get; init; }

    public string? Reason { get; init; }

    /// <summary>
    /// Beginning of an order's or attempt's number (at least eight characters), a whole transaction id, a callback's own id, or, among the newest
    /// 20,000 callbacks, a whole message id.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>The text without blanks around it; null when nothing is searched for.</summary>
    public string? SearchedText => string.IsNullOrWhiteSpace(Text) ? null : Text.Trim();

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
