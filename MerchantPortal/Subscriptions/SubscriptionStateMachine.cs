using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Subscriptions;

/// <summary>What a message of a subscription does, as one table. Pure: no clock, database, HTTP or logger.</summary>
public static class SubscriptionStateMachine
{
    public static SubscriptionDecision Decide(SubscriptionSnapshot snapshot, SubscriptionFact fact)
    {
        var (outcome, reason, effect) = fact.Event switch
        {
            SubscriptionEvent.Registered => fact.Succeeded ? Registered(snapshot.Subscription, fact) : NotRegistered(snapshot.Subscription),
            SubscriptionEvent.Charge => snapshot.IsOwnBill ? Quarantine(DecisionReasons.TransactionReused)
                : fact.Succeeded ? Charged(snapshot, fact)
                : NotCharged(snapshot.Charge),
        };
        return new(outcome, reason, effect,
        [
            new(TraceSteps.StateRule, outcome != CallbackStatus.Quarantined, reason, TraceValues.Of(
                ("subscription", snapshot.Subscription?.ToString()), ("charge", snapshot.Charge?.ToString()), ("message", $"{fact.Event} {(fact.Succeeded ? "succeeded" : "failed")}"))),
        ]);
    }

    /// <summary>Nothing can confirm a registration; late, it could be an old one that somebody sends again.</summary>
    private static Cell Registered(SubscriptionStatus? status, SubscriptionFact fact) => status is not { } known ? Fresh(fact) : known switch
    {
        SubscriptionStatus.Failed => Fresh(fact),
        SubscriptionStatus.Registered => Duplicate(),
        SubscriptionStatus.Active => Duplicate(),
    };

    private static Cell Fresh(SubscriptionFact fact) => fact.IsFresh
        ? new(CallbackStatus.Applied, DecisionReasons.Subscribed, SubscriptionEffect.Register)
        : Quarantine(DecisionReasons.StaleRegistration);

    private static Cell NotRegistered(SubscriptionStatus? status) => status is not { } known
        ? new(CallbackStatus.Applied, DecisionReasons.SubscriptionFailed, SubscriptionEffect.Register)
        : known switch
        {
            SubscriptionStatus.Failed => Duplicate(),
            SubscriptionStatus.Registered => Ignore(),
            SubscriptionStatus.Active => Ignore(),
        };

    private static Cell Charged(SubscriptionSnapshot s, SubscriptionFact fact) => s.Charge is not { } known ? NewMoney(fact) : known switch
    {
        SubscriptionChargeStatus.Failed => NewMoney(fact),
        SubscriptionChargeStatus.Succeeded => s.ChargeAmount == fact.Amount ? Duplicate() : Quarantine(DecisionReasons.AmountMismatch),
    };

    private static Cell NewMoney(SubscriptionFact fact) =>
        fact.SubscriptionId is null ? Quarantine(DecisionReasons.SubscriptionMissing)
        : fact.Amount is not > 0 ? Quarantine(DecisionReasons.AmountMismatch)
        : new(CallbackStatus.Applied, DecisionReasons.Charged, SubscriptionEffect.Collect);

    private static Cell NotCharged(SubscriptionChargeStatus? status) => status is not { } known
        ? new(CallbackStatus.Applied, DecisionReasons.ChargeFailed, SubscriptionEffect.RecordFailure)
        : known switch
        {
            SubscriptionChargeStatus.Failed => Duplicate(),
            SubscriptionChargeStatus.Succeeded => Ignore(),
        };

    private static Cell Duplicate() => new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, SubscriptionEffect.None);

    /// <summary>A failure after the success says nothing new of it.</summary>
    private static Cell Ignore() => new(CallbackStatus.Ignored, DecisionReasons.ClosedAfterPaid, SubscriptionEffect.None);

    private static Cell Quarantine(string reason) => new(CallbackStatus.Quarantined, reason, SubscriptionEffect.None);

    private sealed record Cell(CallbackStatus Outcome, string Reason, SubscriptionEffect Effect);
}
