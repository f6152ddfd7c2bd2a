using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Simulation;

/// <summary>The portal's table with one rule broken: what a mistake in it would look like.</summary>
internal static class BrokenRules
{
    public static readonly IReadOnlyDictionary<string, Decide> All = new Dictionary<string, Decide>
    {
        ["the same transaction counts twice"] = (snapshot, message) => PaymentStateMachine.Decide(
            message.Kind == NotificationKind.PaymentSucceeded && snapshot is { Transaction: TransactionRecord.ThisAttempt or TransactionRecord.Surplus }
                ? snapshot with { Transaction = TransactionRecord.None }
                : snapshot,
            message),
        ["a paid attempt is closed"] = Where(
            (snapshot, message, _) => message.Kind == NotificationKind.PaymentClosed && snapshot?.AttemptStatus == AttemptStatus.Paid,
            decision => decision with { Outcome = CallbackStatus.Applied, Effect = new PaymentEffect.CloseAttempt() }),
        ["late money is forgotten"] = Where(
            (_, _, decision) => decision.Effect is PaymentEffect.Pay { Late: true },
            decision => decision with { Outcome = CallbackStatus.Ignored, Effect = new PaymentEffect.None() }),
        ["late money is not marked"] = Where(
            (_, _, decision) => decision.Effect is PaymentEffect.Pay { Late: true },
            decision => decision with { Effect = new PaymentEffect.Pay(Late: false) }),
        ["a refund counts as often as it is told"] = Where(
            (snapshot, message, decision) => message.Kind == NotificationKind.RefundSucceeded && decision.Outcome == CallbackStatus.Duplicate && snapshot?.Paid > 0,
            decision => decision with { Effect = new PaymentEffect.Refund(1) }),
        ["more is given back than was paid"] = Where(
            (_, _, decision) => decision.Reason == DecisionReasons.RefundTooLarge,
            decision => decision with { Outcome = CallbackStatus.Applied, Effect = new PaymentEffect.Refund(1) }),
        ["second money pays again"] = Where(
            (_, _, decision) => decision.Effect is PaymentEffect.RecordSurplus,
            decision => decision with { Effect = new PaymentEffect.Pay(Late: false) }),
        ["what comes too early is forgotten"] = Where(
            (_, _, decision) => decision.Outcome == CallbackStatus.Deferred,
            decision => decision with { Outcome = CallbackStatus.Ignored }),
        ["a sum is taken to hold what came after it"] = (snapshot, message) =>
            PaymentStateMachine.Decide(snapshot is null ? null : snapshot with { LastOwnRefundAt = null, ReservedByOthers = 0 }, message),
        ["another amount is believed"] = (snapshot, message) => PaymentStateMachine.Decide(
            snapshot, message.Kind == NotificationKind.PaymentSucceeded && snapshot is not null ? message with { Amount = snapshot.Amount } : message),
    };

    private static Decide Where(Func<PaymentSnapshot?, VerifiedNotification, PaymentDecision, bool> applies, Func<PaymentDecision, PaymentDecision> mistake) =>
        (snapshot, message) =>
        {
            var decision = PaymentStateMachine.Decide(snapshot, message);
            return applies(snapshot, message, decision) ? mistake(decision) : decision;
        };
}
