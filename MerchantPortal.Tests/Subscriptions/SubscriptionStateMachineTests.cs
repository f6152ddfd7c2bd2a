using MerchantPortal.Payments.Notifications;
using MerchantPortal.Subscriptions;
using static MerchantPortal.Payments.Notifications.CallbackStatus;

namespace MerchantPortal.Tests.Subscriptions;

/// <summary>One row per cell of the table.</summary>
public sealed class SubscriptionStateMachineTests
{
    [Theory]
    [InlineData(null, true, true, Applied, "subscribed", SubscriptionEffect.Register)]
    [InlineData(null, true, false, Quarantined, "stale_registration", SubscriptionEffect.None)]
    [InlineData(null, false, true, Applied, "subscription_failed", SubscriptionEffect.Register)]
    [InlineData(SubscriptionStatus.Failed, true, true, Applied, "subscribed", SubscriptionEffect.Register)]
    [InlineData(SubscriptionStatus.Failed, true, false, Quarantined, "stale_registration", SubscriptionEffect.None)]
    [InlineData(SubscriptionStatus.Failed, false, true, Duplicate, "already_applied", SubscriptionEffect.None)]
    [InlineData(SubscriptionStatus.Registered, true, true, Duplicate, "already_applied", SubscriptionEffect.None)]
    [InlineData(SubscriptionStatus.Registered, false, true, Ignored, "closed_after_paid", SubscriptionEffect.None)]
    [InlineData(SubscriptionStatus.Active, true, true, Duplicate, "already_applied", SubscriptionEffect.None)]
    [InlineData(SubscriptionStatus.Active, false, true, Ignored, "closed_after_paid", SubscriptionEffect.None)]
    public void A_registration(SubscriptionStatus? status, bool succeeded, bool fresh, CallbackStatus outcome, string reason, SubscriptionEffect effect) => AssertDecided(
        outcome, reason, effect,
        new SubscriptionSnapshot(status, null, null, IsOwnBill: false),
        new SubscriptionFact(SubscriptionEvent.Registered, succeeded) { SubscriptionId = "s1", IsFresh = fresh });

    [Theory]
    [InlineData(null, true, Applied, "charged", SubscriptionEffect.Collect)]
    [InlineData(null, false, Applied, "charge_failed", SubscriptionEffect.RecordFailure)]
    [InlineData(SubscriptionChargeStatus.Failed, true, Applied, "charged", SubscriptionEffect.Collect)]
    [InlineData(SubscriptionChargeStatus.Failed, false, Duplicate, "already_applied", SubscriptionEffect.None)]
    [InlineData(SubscriptionChargeStatus.Succeeded, true, Duplicate, "already_applied", SubscriptionEffect.None)]
    [InlineData(SubscriptionChargeStatus.Succeeded, false, Ignored, "closed_after_paid", SubscriptionEffect.None)]
    public void A_charge(SubscriptionChargeStatus? status, bool succeeded, CallbackStatus outcome, string reason, SubscriptionEffect effect)
    {
        foreach (var subscription in new SubscriptionStatus?[] { null, SubscriptionStatus.Registered, SubscriptionStatus.Active, SubscriptionStatus.Failed })
        {
            AssertDecided(outcome, reason, effect, new SubscriptionSnapshot(subscription, status, status is null ? null : 2_900, IsOwnBill: false), Charge(succeeded));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_bill_of_our_own_is_never_a_charge(bool succeeded) => AssertDecided(
        Quarantined, "transaction_reused", SubscriptionEffect.None, new SubscriptionSnapshot(null, null, null, IsOwnBill: true), Charge(succeeded));

    [Fact]
    public void Money_needs_a_subscription_and_an_amount()
    {
        var unheard = new SubscriptionSnapshot(null, null, null, IsOwnBill: false);

        AssertDecided(Quarantined, "subscription_missing", SubscriptionEffect.None, unheard, Charge(true) with { SubscriptionId = null });
        AssertDecided(Quarantined, "amount_mismatch", SubscriptionEffect.None, unheard, Charge(true) with { Amount = null });
        AssertDecided(Quarantined, "amount_mismatch", SubscriptionEffect.None, unheard, Charge(true) with { Amount = 0 });
        AssertDecided(
            Quarantined, "amount_mismatch", SubscriptionEffect.None,
            unheard with { Charge = SubscriptionChargeStatus.Succeeded, ChargeAmount = 2_901 }, Charge(true));
        AssertDecided(Applied, "charge_failed", SubscriptionEffect.RecordFailure, unheard, Charge(false) with { SubscriptionId = null, Amount = null });
    }

    private static SubscriptionFact Charge(bool succeeded) =>
        new(SubscriptionEvent.Charge, succeeded) { SubscriptionId = "s1", ChargeId = "c1", Amount = 2_900, IsFresh = true };

    private static void AssertDecided(CallbackStatus outcome, string reason, SubscriptionEffect effect, SubscriptionSnapshot snapshot, SubscriptionFact fact)
    {
        var decision = SubscriptionStateMachine.Decide(snapshot, fact);

        Assert.Equal((outcome, reason, effect), (decision.Outcome, decision.Reason, decision.Effect));
        Assert.NotEmpty(decision.Trace);
    }
}
