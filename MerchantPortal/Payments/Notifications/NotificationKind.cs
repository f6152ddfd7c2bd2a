namespace MerchantPortal.Payments.Notifications;

/// <summary>What the gateway says has happened.</summary>
public enum NotificationKind
{
    PaymentSucceeded,

    /// <summary>The gateway knows of it, the payer has not paid (yet).</summary>
    PaymentPending,

    /// <summary>Ended unpaid at the gateway.</summary>
    PaymentClosed,
    RefundSucceeded,

    /// <summary>The refund waits for a person at the gateway; no money has moved.</summary>
    RefundAbnormal,

    /// <summary>The refund ended without moving money.</summary>
    RefundClosed,

    /// <summary>About a standing order to collect; what it says stands in <see cref="VerifiedNotification.Subscription"/>.</summary>
    Subscription,

    /// <summary>Genuine, about something that this portal does not keep (a transfer out).</summary>
    Unrelated,

    /// <summary>Genuine, but not something we know, or it contradicts itself.</summary>
    Unrecognized,
}
