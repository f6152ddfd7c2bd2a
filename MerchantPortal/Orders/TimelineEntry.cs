using MerchantPortal.Accounts;

namespace MerchantPortal.Orders;

/// <summary>One thing that happened to an order. Append-only; written in the commit of what it tells.</summary>
public sealed class TimelineEntry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid OrderId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required TimelineKind Kind { get; init; }

    public required ActorKind ActorKind { get; init; }

    public required string ActorName { get; init; }

    /// <summary>JSON object of text values: what the sentence for <see cref="Kind"/> is filled with. Never a secret or a payer id.</summary>
    public string DataJson { get; init; } = "{}";
}

public enum TimelineKind
{
    OrderCreated,
    AttemptStarted,
    AttemptPrompted,
    AttemptFailed,
    AttemptClosed,
    GatewayQueried,
    PaymentReceived,
    PaymentReceivedLate,
    DuplicateMoneyReceived,
    CallbackQuarantined,
    CallbackReplayed,
    RefundSucceeded,
    RefundNotSettled,
    OrderClosed,
    NoteChanged,
    OrderRenewed,

    /// <summary>The gateway was told that the buyer has the goods.</summary>
    DeliveryReported,
    DeliveryNotReported,

    /// <summary>We, the callback and the gateway's answer do not say the same.</summary>
    WitnessesDisagree,

    /// <summary>What a person had to look at has been dealt with, or went away by itself.</summary>
    CaseResolved,

    /// <summary>Somebody asked for money to be given back; the gateway has not heard of it yet.</summary>
    RefundRequested,

    /// <summary>The gateway has taken the refund and will pay it out.</summary>
    RefundAccepted,

    /// <summary>The gateway cannot pay it out now; the portal goes on trying.</summary>
    RefundPostponed,

    /// <summary>The gateway refused: no money has moved.</summary>
    RefundFailed,

    /// <summary>Money that the order did not need is back at the buyer.</summary>
    SurplusRefunded,
}
