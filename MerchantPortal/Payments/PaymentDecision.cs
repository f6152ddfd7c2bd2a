using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>Everything that is to be written for one message. Making one changes nothing.</summary>
/// <param name="Outcome">What becomes of the callback.</param>
/// <param name="Reason">A stable code, see <see cref="DecisionReasons"/>.</param>
/// <param name="Effect">What happens to the order; <see cref="PaymentEffect.None"/> for most.</param>
/// <param name="Trace">The checks and the rule, one step each.</param>
public sealed record PaymentDecision(CallbackStatus Outcome, string Reason, PaymentEffect Effect, IReadOnlyList<TraceStep> Trace);

/// <summary>What a message does to an order. Amounts are 分.</summary>
public abstract record PaymentEffect
{
    public sealed record None : PaymentEffect;

    /// <summary>The order is paid by this attempt.</summary>
    /// <param name="Late">It had been closed before.</param>
    public sealed record Pay(bool Late) : PaymentEffect;

    /// <summary>Money for an order that is paid already: recorded as surplus, the order is flagged.</summary>
    public sealed record RecordSurplus : PaymentEffect;

    /// <summary>The attempt ended unpaid; the order goes on.</summary>
    public sealed record CloseAttempt : PaymentEffect;

    /// <summary>A refund ended well. <paramref name="Amount"/> is this refund's own.</summary>
    public sealed record Refund(long Amount) : PaymentEffect;

    /// <summary>Money that the order did not need went back; what the order was paid with is still here.</summary>
    public sealed record SurplusRefund(long Amount) : PaymentEffect;

    /// <summary>A refund did not (yet) move money.</summary>
    public sealed record RefundNotSettled(RefundStatus Status) : PaymentEffect;

    /// <summary>The order is flagged for a person; nothing else changes.</summary>
    public sealed record Flag : PaymentEffect;
}

/// <summary>Stable codes for why a verified message had its outcome. The README's troubleshooting chapter lists each.</summary>
public static class DecisionReasons
{
    public const string Paid = "paid";
    public const string PaidLate = "paid_late";
    public const string DuplicateMoney = "duplicate_money";
    public const string AttemptClosed = "attempt_closed";
    public const string Refunded = "refunded";
    public const string RefundNotSettled = "refund_not_settled";
    public const string AlreadyApplied = "already_applied";
    public const string StillPending = "still_pending";
    public const string ClosedAfterPaid = "closed_after_paid";
    public const string UnknownOrder = "unknown_order";
    public const string RefundBeforePayment = "refund_before_payment";
    public const string AmountMismatch = "amount_mismatch";
    public const string CurrencyMismatch = "currency_mismatch";
    public const string AppMismatch = "app_mismatch";
    public const string MerchantMismatch = "merchant_mismatch";
    public const string TransactionMissing = "transaction_missing";
    public const string TransactionReused = "transaction_reused";
    public const string TransactionUnproven = "transaction_unproven";
    public const string Unrelated = "unrelated";
    public const string Subscribed = "subscribed";
    public const string SubscriptionFailed = "subscription_failed";
    public const string SubscriptionMissing = "subscription_missing";
    public const string Charged = "charged";
    public const string ChargeFailed = "charge_failed";
    public const string StaleWaits = "stale_waits";
    public const string StaleRegistration = "stale_registration";
    public const string SurplusRefunded = "surplus_refunded";
    public const string RefundWaits = "refund_waits";
    public const string RefundTooLarge = "refund_too_large";
    public const string RefundUnreadable = "refund_unreadable";
    public const string Unrecognized = "unrecognized";
    public const string HandlerError = "handler_error";
    public const string ConfirmationUnclear = "confirmation_unclear";
}
