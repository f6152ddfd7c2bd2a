using MerchantPortal.Orders;

namespace MerchantPortal.Payments;

/// <summary>All that the state machine may know: what we expect of the message, and how things stand. Amounts are 分.</summary>
/// <param name="Transaction">Whether money of this very gateway transaction is on record already.</param>
/// <param name="Paid">The money that the message is about: one gateway transaction's. 0 while none is on record.</param>
/// <param name="Refunded">Σ of succeeded refunds of that money.</param>
/// <param name="Refund">The refund that the message names; null when we have none of that number.</param>
public sealed record PaymentSnapshot(
    OrderStatus OrderStatus,
    AttemptStatus AttemptStatus,
    long Amount,
    string AppId,
    string MerchantId,
    TransactionRecord Transaction,
    long Paid,
    long Refunded,
    RefundSnapshot? Refund)
{
    /// <summary>Part of <see cref="Paid"/> that other refunds, not settled yet, may still move.</summary>
    public long ReservedByOthers { get; init; }

    /// <summary>When the last refund of ours gave back some of <see cref="Paid"/>, by the gateway's time; null while none has.</summary>
    public DateTimeOffset? LastOwnRefundAt { get; init; }

    /// <summary>True when the refund that the message names gives back other money than the message says.</summary>
    public bool RefundIsOfOtherMoney { get; init; }

    /// <summary>True when the money is not what the order was paid with.</summary>
    public bool IsSurplus { get; init; }
}

public enum TransactionRecord
{
    None,
    ThisAttempt,

    /// <summary>On record for this attempt, as money that the order did not need.</summary>
    Surplus,
    OtherAttempt,
}

public sealed record RefundSnapshot(RefundStatus Status, long Amount);
