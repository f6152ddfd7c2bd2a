using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Decides on a proven message and changes the rows that it is about, inside the caller's transaction.</summary>
public sealed class BookNotification(ISubscriptionBook subscriptions)
{
    internal async Task<AttemptVerdict> ExecuteAsync(
        PortalDbContext db, InboxEntry entry, OpenAccount account, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        entry.Describe(genuine.Notification);
        entry.ConfirmedAt = genuine.ConfirmedAt;
        return genuine.Notification.Subscription is { } fact
            ? await BookAsync(db, entry, fact, genuine, by, cancellationToken)
            : await BookAsync(db, entry, account, genuine, by, cancellationToken);
    }

    /// <summary>
    /// Whether somebody has used the message's one signed value for another body. A person who replays a message has looked at it, and
    /// the gateway confirms it all the same; so the rule binds arrivals and the portal's own retries.
    /// </summary>
    internal async Task<bool> IsImitationAsync(PortalDbContext db, Capture capture, VerifiedNotification message, CancellationToken cancellationToken) =>
        message.Subscription is { } fact && await subscriptions.IsTimestampUsedAsync(db, capture, fact.Timestamp, cancellationToken);

    private async Task<AttemptVerdict> BookAsync(
        PortalDbContext db, InboxEntry entry, SubscriptionFact fact, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        var booking = await subscriptions.BookAsync(
            db, entry, fact, by.At, isVouched: by.Actor.Kind is not (ActorKind.System or ActorKind.Gateway), cancellationToken);
        return new(booking.Outcome, booking.Reason, [.. genuine.Trace, .. booking.Trace]);
    }

    private static async Task<AttemptVerdict> BookAsync(
        PortalDbContext db, InboxEntry entry, OpenAccount account, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        var message = genuine.Notification;
        var rows = await PaymentRows.FindAsync(db, account.Account, message, cancellationToken);
        var decision = PaymentStateMachine.Decide(rows?.Snapshot(account.Account), message);
        if (rows is not null)
        {
            await rows.ApplyAsync(db, decision, message, by.Actor, by.At, cancellationToken);
            rows.Attempt.HearCallback(message.Kind, entry.ReceivedAt);
            await rows.HearWitnessesAsync(db, by.Actor, by.At, cancellationToken);
            entry.OutTradeNo ??= rows.Attempt.OutTradeNo;
        }

        entry.OrderId = rows?.Order.Id;
        return new(decision.Outcome, decision.Reason, [.. genuine.Trace, .. decision.Trace, EffectStep(decision)]);
    }

    internal static TraceStep EffectStep(PaymentDecision decision) => new(
        TraceSteps.Effect, true, decision.Effect switch
        {
            PaymentEffect.None => "nothing to write",
            PaymentEffect.Pay { Late: false } => "order paid",
            PaymentEffect.Pay => "order paid after it had been closed",
            PaymentEffect.RecordSurplus => "money recorded as surplus",
            PaymentEffect.CloseAttempt => "attempt closed",
            PaymentEffect.Refund => "refund recorded",
            PaymentEffect.SurplusRefund => "refund of surplus recorded",
            PaymentEffect.RefundNotSettled => "refund marked as not settled",
            PaymentEffect.Flag => "order flagged for a person",
            _ => decision.Effect.GetType().Name,
        });
}
