using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Subscriptions;

/// <summary>Turns a verified message of a subscription into rows, inside the transaction that keeps the callback.</summary>
internal sealed class SubscriptionBook : ISubscriptionBook
{
    /// <summary>Different bodies under one timestamp that may wait to be confirmed: whoever has seen one sign can write any number of them.</summary>
    private const int MaxWaiting = 5;

    public async Task<bool> IsTimestampUsedAsync(PortalDbContext db, Capture capture, long timestamp, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, capture, timestamp, cancellationToken) is { } used)
        {
            return !used.BodyHash.AsSpan().SequenceEqual(capture.BodyHash);
        }

        var messageId = timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await db.Inbox.CountAsync(
            row => row.ChannelAccountId == capture.ChannelAccountId && row.MessageId == messageId && row.Id != capture.Id, cancellationToken) >= MaxWaiting;
    }

    public async Task<SubscriptionBooking> BookAsync(
        PortalDbContext db, Capture capture, SubscriptionFact fact, DateTimeOffset now, bool isVouched, CancellationToken cancellationToken)
    {
        var rows = await SubscriptionRows.FindAsync(db, capture.ChannelAccountId, fact, cancellationToken);
        var decision = SubscriptionStateMachine.Decide(rows.Snapshot, fact);
        rows.Apply(db, capture, decision.Effect, fact, now);
        // What is left to a person has proven nothing, and must not stand in the way of the message that it may imitate.
        var used = await FindAsync(db, capture, fact.Timestamp, cancellationToken);
        // Also where another body came under it since this work began to read: the unique index then sends the work back to the beginning.
        if (decision.Outcome != CallbackStatus.Quarantined && (used is null || (!isVouched && !used.BodyHash.AsSpan().SequenceEqual(capture.BodyHash))))
        {
            db.SubscriptionTimestamps.Add(new SubscriptionTimestamp
            {
                ChannelAccountId = capture.ChannelAccountId,
                Timestamp = fact.Timestamp,
                BodyHash = capture.BodyHash,
                UsedAt = now,
            });
        }

        return new SubscriptionBooking(decision.Outcome, decision.Reason, [.. decision.Trace, new(TraceSteps.Effect, true, decision.Effect switch
        {
            SubscriptionEffect.None => "nothing to write",
            SubscriptionEffect.Register => "subscription recorded",
            SubscriptionEffect.Collect => "charge recorded",
            SubscriptionEffect.RecordFailure => "failed charge recorded",
        })]);
    }

    private static Task<SubscriptionTimestamp?> FindAsync(PortalDbContext db, Capture capture, long timestamp, CancellationToken cancellationToken) =>
        db.SubscriptionTimestamps.SingleOrDefaultAsync(
            row => row.ChannelAccountId == capture.ChannelAccountId && row.Timestamp == timestamp, cancellationToken);
}
