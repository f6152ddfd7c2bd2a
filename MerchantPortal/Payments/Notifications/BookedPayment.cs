using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Notifications;

/// <summary>The rows that one plain payment makes, as <see cref="PaymentRows.ApplyAsync"/> would have tracked them.</summary>
internal sealed record BookedPayment(Arrival Arrival, InboxEntry Entry, PaymentRows Rows, Payment Payment, TimelineEntry Timeline, CaptureAttempt Attempt)
{
    /// <summary>Changes order and attempt in memory.</summary>
    public static BookedPayment Of(Arrival arrival, PaymentRows rows, PaymentDecision decision)
    {
        var (entry, by) = (CaptureStore.NewInboxEntry(arrival.Raw, arrival.Account.Account), arrival.By);
        var before = (rows.Order.Status, rows.Order.PaidAmount, Attempt: rows.Attempt.Status, rows.Attempt.ChannelTransactionId);
        var payment = rows.MarkPaid(arrival.Message, by.At);
        rows.Attempt.HearCallback(arrival.Message.Kind, entry.ReceivedAt);
        entry.Describe(arrival.Message);
        (entry.ConfirmedAt, entry.OrderId) = (arrival.Genuine.ConfirmedAt, rows.Order.Id);
        var verdict = new AttemptVerdict(
            decision.Outcome, decision.Reason, [.. arrival.Genuine.Trace, .. decision.Trace, BookNotification.EffectStep(decision)]);
        var changes = Changes(rows, payment, before.Status, before.PaidAmount, before.Attempt, before.ChannelTransactionId);
        return new BookedPayment(
            arrival, entry, rows, payment,
            OrderJournal.Timeline(rows.Order, TimelineKind.PaymentReceived, by.Actor, by.At, rows.MoneyData(payment)),
            CaptureStore.NewAttempt(entry, verdict, by, changes));
    }

    public FeedEntry Feed(long number) => OrderJournal.Feed(Rows.Order, number, TimelineKind.PaymentReceived, Arrival.By.At);

    /// <summary>What <see cref="FieldChange.Of(Microsoft.EntityFrameworkCore.ChangeTracking.ChangeTracker)"/> would have found.</summary>
    private static List<FieldChange> Changes(
        PaymentRows rows, Payment payment, OrderStatus order, long paidAmount, AttemptStatus attempt, string? transaction)
    {
        var changes = new List<FieldChange>(8);
        Note("order", rows.Order.Number, nameof(Order.Status), order, rows.Order.Status);
        Note("order", rows.Order.Number, nameof(Order.PaidAmount), paidAmount, rows.Order.PaidAmount);
        Note("order", rows.Order.Number, nameof(Order.PaidAt), null, rows.Order.PaidAt);
        Note("attempt", rows.Attempt.OutTradeNo, nameof(PaymentAttempt.Status), attempt, rows.Attempt.Status);
        Note("attempt", rows.Attempt.OutTradeNo, nameof(PaymentAttempt.ChannelTransactionId), transaction, rows.Attempt.ChannelTransactionId);
        Note("attempt", rows.Attempt.OutTradeNo, nameof(PaymentAttempt.PaidAt), null, rows.Attempt.PaidAt);
        Note("payment", payment.ChannelTransactionId, nameof(Payment.Amount), null, payment.Amount);
        Note("payment", payment.ChannelTransactionId, nameof(Payment.IsSurplus), null, payment.IsSurplus);
        return changes;

        void Note(string entity, string key, string field, object? old, object? now)
        {
            if (FieldChange.Text(old) is var was && FieldChange.Text(now) is var became && was != became)
            {
                changes.Add(new FieldChange(entity, key, field, was, became));
            }
        }
    }
}
