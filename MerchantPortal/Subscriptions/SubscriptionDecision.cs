using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Subscriptions;

/// <summary>How things stand before a message of a subscription.</summary>
/// <param name="Subscription">Null when it is unheard of.</param>
/// <param name="Charge">Null when the charge is unheard of.</param>
/// <param name="ChargeAmount">分; null when there is no charge or it told none.</param>
/// <param name="IsOwnBill">The charge's number is one that this portal gave to a payment.</param>
public sealed record SubscriptionSnapshot(SubscriptionStatus? Subscription, SubscriptionChargeStatus? Charge, long? ChargeAmount, bool IsOwnBill);

/// <summary>Everything that is to be written for one message. Making one changes nothing.</summary>
/// <param name="Reason">A stable code, see <c>DecisionReasons</c>.</param>
public sealed record SubscriptionDecision(CallbackStatus Outcome, string Reason, SubscriptionEffect Effect, IReadOnlyList<TraceStep> Trace);

/// <summary>What a message does to the books of subscriptions.</summary>
public enum SubscriptionEffect
{
    None,

    /// <summary>The subscription is known from now on, or its registration has failed.</summary>
    Register,

    /// <summary>Money of a charge; its subscription is active.</summary>
    Collect,

    /// <summary>A charge that brought no money.</summary>
    RecordFailure,
}
