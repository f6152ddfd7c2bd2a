using MerchantPortal.Sandbox.BeeCloud;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>Which messages a payment or a refund causes, and when.</summary>
internal static class NotificationPlan
{
    private static readonly TimeSpan LongestYield = TimeSpan.FromMinutes(1);

    public static async Task AddAsync(
        SandboxDbContext db, SandboxTrade trade, SandboxPayment payment, Fault fault, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var closed = fault.Kind == FaultKind.ClosedFirst ? db.Deliveries.Add(New(trade, null, Fault.None, now)).Entity : null;
        var paid = db.Deliveries.Add(New(trade, payment, fault, now)).Entity;
        if (closed is not null)
        {
            paid.After = closed.Id;
            paid.DueAt = now + LongestYield;
        }

        await OvertakeAsync(db, paid, cancellationToken);
    }

    public static async Task AddAsync(SandboxDbContext db, SandboxRefund refund, Fault fault, DateTimeOffset now, CancellationToken cancellationToken) =>
        await OvertakeAsync(db, db.Deliveries.Add(New(refund.Trade, refund.Payment, fault, now, refund)).Entity, cancellationToken);

    /// <summary>Clean messages that say how the trade stands; none when there is nothing to say.</summary>
    public static IEnumerable<SandboxDelivery> Current(SandboxTrade trade, DateTimeOffset now) => trade.State switch
    {
        TradeState.Paid =>
        [
            New(trade, trade.Payments.OrderBy(payment => payment.Id).First(), Fault.None, now),
            .. trade.Refunds.OrderBy(refund => refund.Id).Select(refund => New(trade, refund.Payment, Fault.None, now, refund)),
        ],
        TradeState.Closed when SandboxChannels.TellsOfClosing(trade.Merchant.Channel) => [New(trade, null, Fault.None, now)],
        TradeState.Closed or TradeState.Waiting => [],
    };

    /// <summary>Messages that yield go out right after this one, if it goes out at all.</summary>
    private static async Task OvertakeAsync(SandboxDbContext db, SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.YieldsToNext || delivery.State == DeliveryState.Lost)
        {
            return;
        }

        await foreach (var yielding in db.Deliveries.Where(row => row.YieldsToNext && row.State == DeliveryState.Waiting).AsAsyncEnumerable()
            .WithCancellation(cancellationToken))
        {
            yielding.YieldsToNext = false;
            yielding.After = delivery.Id;
        }
    }

    public static SandboxDelivery New(SandboxTrade trade, SandboxPayment? payment, Fault fault, DateTimeOffset now, SandboxRefund? refund = null) => new()
    {
        Trade = trade,
        Payment = payment,
        Refund = refund,
        Event = EventOf(trade, payment, refund),
        MessageId = SandboxNumbers.Message(trade.Merchant.Channel, now),
        Fault = fault,
        CreatedAt = now,
        State = fault.Kind == FaultKind.Lose ? DeliveryState.Lost : DeliveryState.Waiting,
        YieldsToNext = fault.Kind == FaultKind.Reorder,
        DueAt = fault.Kind switch
        {
            FaultKind.Delay => now.AddSeconds(fault.Number),
            FaultKind.Reorder => now + LongestYield,
            _ => now,
        },
    };

    private static DeliveryEvent EventOf(SandboxTrade trade, SandboxPayment? payment, SandboxRefund? refund) =>
        refund is not null ? DeliveryEvent.Refunded
        : SubscriptionTrade.Of(trade) is { } subscription ? subscription.IsCharge ? DeliveryEvent.Paid : DeliveryEvent.Subscribed
        : payment is null ? DeliveryEvent.Closed
        : DeliveryEvent.Paid;
}
