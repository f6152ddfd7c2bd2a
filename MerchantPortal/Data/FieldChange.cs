using System.Globalization;
using System.Text.Json.Serialization;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Subscriptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MerchantPortal.Data;

/// <summary>One value that a unit of work writes: what a dry run shows before, and a replay keeps afterwards.</summary>
/// <param name="Entity"><c>order</c>, <c>attempt</c>, <c>payment</c>, <c>refund</c>, <c>subscription</c> or <c>charge</c>.</param>
/// <param name="Key">The row's public number.</param>
/// <param name="Before">Null for a new row.</param>
public sealed record FieldChange(
    [property: JsonPropertyName("entity")] string Entity,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("before")] string? Before,
    [property: JsonPropertyName("after")] string? After)
{
    /// <summary>The changes of business rows; bookkeeping (timeline, feed, the capture itself) is left out.</summary>
    public static IReadOnlyList<FieldChange> Of(ChangeTracker tracker)
    {
        tracker.DetectChanges();
        return
        [
            .. tracker.Entries<Order>().SelectMany(entry => Of(entry, "order", entry.Entity.Number,
                nameof(Order.Status), nameof(Order.Flags), nameof(Order.PaidAmount), nameof(Order.RefundedAmount), nameof(Order.PaidAt), nameof(Order.ClosedAt))),
            .. tracker.Entries<PaymentAttempt>().SelectMany(entry => Of(entry, "attempt", entry.Entity.OutTradeNo,
                nameof(PaymentAttempt.Status), nameof(PaymentAttempt.ChannelTransactionId), nameof(PaymentAttempt.PaidAt))),
            .. tracker.Entries<Payment>().SelectMany(entry => Of(entry, "payment", entry.Entity.ChannelTransactionId,
                nameof(Payment.Amount), nameof(Payment.IsSurplus))),
            .. tracker.Entries<Refund>().SelectMany(entry => Of(entry, "refund", entry.Entity.RefundNo,
                nameof(Refund.Amount), nameof(Refund.Status))),
            .. tracker.Entries<Subscription>().SelectMany(entry => Of(entry, "subscription", entry.Entity.ChannelSubscriptionId,
                nameof(Subscription.Status), nameof(Subscription.LastChargedAt))),
            .. tracker.Entries<SubscriptionCharge>().SelectMany(entry => Of(entry, "charge", entry.Entity.ChannelChargeId,
                nameof(SubscriptionCharge.Status), nameof(SubscriptionCharge.Amount), nameof(SubscriptionCharge.FailureReason))),
        ];
    }

    private static IEnumerable<FieldChange> Of(EntityEntry entry, string entity, string key, params string[] fields) =>
        entry.State is not (EntityState.Added or EntityState.Modified)
            ? []
            : fields.Select(entry.Property)
                .Where(property => entry.State == EntityState.Added || property.IsModified)
                .Select(property => new FieldChange(entity, key, property.Metadata.Name,
                    entry.State == EntityState.Added ? null : Text(property.OriginalValue), Text(property.CurrentValue)))
                .Where(change => change.Before != change.After);

    internal static string? Text(object? value) => value switch
    {
        null => null,
        DateTimeOffset instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
