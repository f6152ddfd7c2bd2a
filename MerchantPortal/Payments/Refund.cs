using MerchantPortal.Data;

namespace MerchantPortal.Payments;

/// <summary>One intent to give money back, under one stable number. Amounts are 分.</summary>
public sealed class Refund : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid AttemptId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>The money that is given back; null for a refund that was made at the gateway before we knew of its payment.</summary>
    public Guid? PaymentId { get; set; }

    /// <summary>Our number (<c>out_refund_no</c>, <c>out_request_no</c>), unique per account.</summary>
    public required string RefundNo { get; init; }

    /// <summary>Their number; null until told, and always null at Alipay, which has none.</summary>
    public string? ChannelRefundId { get; set; }

    public required long Amount { get; init; }

    public RefundStatus Status { get; set; }

    public RefundReason ReasonCode { get; init; } = RefundReason.Other;

    /// <summary>The words of the person who asked for it; empty for a refund that was made at the gateway.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who asked for it; null for one that was made at the gateway.</summary>
    public string? RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>When the portal sends it (again) or asks how it stands; null when there is nothing more to do.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>Calls to the gateway so far.</summary>
    public int Tries { get; set; }

    /// <summary>Why it does not go on: one of <see cref="Refunds.RefundFailures"/>, or the gateway's own code; null while nothing is wrong.</summary>
    public string? FailureCode { get; set; }

    /// <summary>The same in words, the gateway's where it gave any; null otherwise.</summary>
    public string? FailureReason { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }

    /// <summary>True while it has money of its payment reserved: it has moved it or still may.</summary>
    public bool HoldsMoney => Status is not (RefundStatus.Failed or RefundStatus.Closed);
}

public enum RefundStatus
{
    Requested,
    Processing,
    Succeeded,
    Failed,

    /// <summary>Ended without moving money: the amount can be refunded again.</summary>
    Closed,

    /// <summary>The payer's card cannot take it: a person must act in the gateway's console. Not final.</summary>
    Abnormal,
}

/// <summary>Why money is given back; what reports count by.</summary>
public enum RefundReason
{
    /// <summary>The buyer does not want it any more.</summary>
    BuyerChangedMind,
    Defective,
    WrongItem,
    OutOfStock,

    /// <summary>Part of the price, as agreed with the buyer.</summary>
    PriceDifference,
    DuplicatePayment,
    LatePayment,
    Fraud,
    TestPayment,

    /// <summary>Made in the gateway's own console: nobody told the portal why.</summary>
    AtGateway,
    Other,
}
