using System.Diagnostics.CodeAnalysis;
using MerchantPortal.Data;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Something about which a gateway's bill and our books disagree. One that is resolved stays as it is: when the facts change, or it is found
/// again after it had vanished, it is a new one. Amounts are 分.
/// </summary>
public sealed class BillDifference : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required DateOnly Day { get; init; }

    public required DifferenceKind Kind { get; init; }

    /// <summary>What it is about; at most one open difference per account, day, kind and subject.</summary>
    public required string SubjectKey { get; init; }

    /// <summary>The bill that shows it.</summary>
    public required Guid BillId { get; set; }

    /// <summary>Null where the bill has no line.</summary>
    public Guid? LineId { get; set; }

    public Guid? OrderId { get; set; }

    public Guid? PaymentId { get; set; }

    public Guid? RefundId { get; set; }

    /// <summary>What the gateway says; null where it says nothing.</summary>
    public long? Theirs { get; set; }

    /// <summary>What the books say (for a fee: what it should be); null where they say nothing.</summary>
    public long? Ours { get; set; }

    /// <summary>By how much the gateway's sum of the day is greater than the books'; negative when smaller.</summary>
    public long Delta { get; set; }

    public required DateTimeOffset FoundAt { get; init; }

    public DifferenceStatus Status { get; set; }

    public string? ResolvedBy { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>The person's words; null where the facts ended it.</summary>
    public string? Reason { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

[SuppressMessage("Naming", "CA1720", Justification = "The field's own words for 长款 and 短款.")]
public enum DifferenceKind
{
    /// <summary>长款: the gateway has a payment that the books do not have.</summary>
    Long,

    /// <summary>短款: the books have a payment that the gateway does not have.</summary>
    Short,

    /// <summary>Both have the payment, with other amounts.</summary>
    Amount,

    /// <summary>Both have the refund, one as done and one as not.</summary>
    Status,

    /// <summary>The gateway took another fee than agreed, or than was booked.</summary>
    Fee,

    /// <summary>A refund that only one side has, or with other amounts.</summary>
    Refund,

    /// <summary>The bill tells the same thing twice.</summary>
    Duplicate,
}

public enum DifferenceStatus
{
    Open,

    /// <summary>It went away by itself: a corrected bill, or the books caught up.</summary>
    Settled,

    /// <summary>The missing payment was booked after the gateway had vouched for it.</summary>
    Booked,

    /// <summary>The gateway's word was taken.</summary>
    Accepted,

    /// <summary>A person knows why.</summary>
    Explained,
}
