using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>One message to a merchant, sent until the merchant acknowledges it or the schedule ends.</summary>
public sealed class SandboxDelivery
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid TradeId { get; init; }

    public required SandboxTrade Trade { get; init; }

    public required DeliveryEvent Event { get; init; }

    /// <summary>Null for <see cref="DeliveryEvent.Closed"/>.</summary>
    public SandboxPayment? Payment { get; init; }

    public Guid? PaymentId { get; init; }

    /// <summary>Null but for <see cref="DeliveryEvent.Refunded"/>.</summary>
    public SandboxRefund? Refund { get; init; }

    public Guid? RefundId { get; init; }

    /// <summary>The gateway's id of the message; the same in every try.</summary>
    public required string MessageId { get; init; }

    /// <summary>Every try of this message has it; a clean copy is a new delivery.</summary>
    public required Fault Fault { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next try is due.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>True while it waits for any other trade's message to overtake it.</summary>
    public bool YieldsToNext { get; set; }

    /// <summary>The delivery after which this one becomes due; null when it waits for none.</summary>
    public Guid? After { get; set; }

    public DeliveryState State { get; set; }

    public List<SandboxDeliveryAttempt> Attempts { get; init; } = [];
}

public enum DeliveryEvent
{
    Paid,
    Closed,
    Refunded,

    /// <summary>A standing order has been registered (BeeCloud).</summary>
    Subscribed,
}

public enum DeliveryState
{
    Waiting,

    /// <summary>The merchant acknowledged.</summary>
    Delivered,

    /// <summary>The schedule ended without an acknowledgement.</summary>
    GivenUp,

    /// <summary>Never sent, on purpose.</summary>
    Lost,
}

/// <summary>One request to the merchant and what came back.</summary>
public sealed class SandboxDeliveryAttempt
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid DeliveryId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null when no answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The beginning of the answer's body, or why there was none.</summary>
    public required string Answer { get; init; }

    public required bool Acknowledged { get; init; }

    public required int Milliseconds { get; init; }
}
