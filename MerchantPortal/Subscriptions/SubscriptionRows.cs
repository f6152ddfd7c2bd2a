using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Subscriptions;

/// <summary>The tracked rows that one message is about.</summary>
internal sealed record SubscriptionRows(Subscription? Subscription, SubscriptionCharge? Charge, bool IsOwnBill)
{
    public SubscriptionSnapshot Snapshot => new(Subscription?.Status, Charge?.Status, Charge?.Amount, IsOwnBill);

    public static async Task<SubscriptionRows> FindAsync(PortalDbContext db, Guid accountId, SubscriptionFact fact, CancellationToken cancellationToken)
    {
        var subscription = fact.SubscriptionId is null ? null : await db.Subscriptions.SingleOrDefaultAsync(
            row => row.ChannelAccountId == accountId && row.ChannelSubscriptionId == fact.SubscriptionId, cancellationToken);
        var charge = fact.ChargeId is null ? null : await db.SubscriptionCharges.SingleOrDefaultAsync(
            row => row.ChannelAccountId == accountId && row.ChannelChargeId == fact.ChargeId, cancellationToken);
        var isOwnBill = fact.ChargeId is not null && await db.Attempts.AnyAsync(
            row => row.ChannelAccountId == accountId && row.OutTradeNo == fact.ChargeId, cancellationToken);
        return new(subscription, charge, isOwnBill);
    }

    /// <summary>Writes, still in memory. The caller's commit makes it true, all or nothing.</summary>
    public void Apply(PortalDbContext db, Capture capture, SubscriptionEffect effect, SubscriptionFact fact, DateTimeOffset now)
    {
        switch (effect)
        {
            case SubscriptionEffect.None:
                break;
            case SubscriptionEffect.Register:
                var registered = Subscription ?? Add(db, capture, fact, now);
                registered.Status = fact.Succeeded ? SubscriptionStatus.Registered : SubscriptionStatus.Failed;
                registered.FailureReason = fact.Succeeded ? null : fact.FailureReason;
                Describe(registered, fact);
                break;
            case SubscriptionEffect.Collect:
                var subscription = Subscription ?? Add(db, capture, fact, now);
                var collected = Charge ?? Add(db, capture, fact, SubscriptionChargeStatus.Succeeded, now);
                (collected.Status, collected.FailureReason, collected.Amount) = (SubscriptionChargeStatus.Succeeded, null, fact.Amount);
                (collected.SubscriptionId, collected.OccurredAt) = (subscription.Id, TimeOf(fact));
                (subscription.Status, subscription.FailureReason, subscription.LastChargedAt) = (SubscriptionStatus.Active, null, TimeOf(fact));
                Describe(subscription, fact);
                break;
            case SubscriptionEffect.RecordFailure:
                var failed = Charge ?? Add(db, capture, fact, SubscriptionChargeStatus.Failed, now);
                (failed.FailureReason, failed.SubscriptionId) = (fact.FailureReason, Subscription?.Id);
                break;
        }
    }

    private static DateTimeOffset TimeOf(SubscriptionFact fact) => DateTimeOffset.FromUnixTimeMilliseconds(fact.Timestamp);

    private static Subscription Add(PortalDbContext db, Capture capture, SubscriptionFact fact, DateTimeOffset now) => db.Add(new Subscription
    {
        StoreId = capture.StoreId,
        ChannelAccountId = capture.ChannelAccountId,
        ChannelSubscriptionId = fact.SubscriptionId ?? throw new InvalidOperationException("A subscription without a number."),
        Status = SubscriptionStatus.Registered,
        CreatedAt = now,
    }).Entity;

    private static SubscriptionCharge Add(PortalDbContext db, Capture capture, SubscriptionFact fact, SubscriptionChargeStatus status, DateTimeOffset now) =>
        db.Add(new SubscriptionCharge
        {
            StoreId = capture.StoreId,
            ChannelAccountId = capture.ChannelAccountId,
            ChannelChargeId = fact.ChargeId ?? throw new InvalidOperationException("A charge without a number."),
            Amount = fact.Amount,
            Status = status,
            OccurredAt = TimeOf(fact),
            RecordedAt = now,
        }).Entity;

    /// <summary>What a message leaves out stays as it was.</summary>
    private static void Describe(Subscription row, SubscriptionFact fact)
    {
        row.PlanId = fact.PlanId ?? row.PlanId;
        row.BuyerId = fact.BuyerId ?? row.BuyerId;
        row.CardId = fact.CardId ?? row.CardId;
        row.BankName = fact.BankName ?? row.BankName;
        row.CardMasked = fact.CardMasked ?? row.CardMasked;
        row.IdMasked = fact.IdMasked ?? row.IdMasked;
        row.MobileMasked = fact.MobileMasked ?? row.MobileMasked;
    }
}
