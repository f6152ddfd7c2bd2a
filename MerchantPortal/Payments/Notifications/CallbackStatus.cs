namespace MerchantPortal.Payments.Notifications;

/// <summary>What became of a request to a notify address.</summary>
public enum CallbackStatus
{
    Applied,

    /// <summary>Verified; its effect was there already.</summary>
    Duplicate,

    /// <summary>Verified; nothing to do.</summary>
    Ignored,

    /// <summary>Verified; contradicts what we know, a person must look.</summary>
    Quarantined,

    /// <summary>Verified; cannot be applied now, waits and is retried.</summary>
    Deferred,

    /// <summary>Not verified, or genuine but unreadable.</summary>
    Rejected,
}
