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

    /// <summary>Genuine, but not something we know, or it contradicts itself.</summary>
    Unrecognized,
}
