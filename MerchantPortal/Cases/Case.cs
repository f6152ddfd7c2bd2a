using MerchantPortal.Data;

namespace MerchantPortal.Cases;

/// <summary>Something about money that a person has to look at: opened by the portal in the commit that found it, ended by a person or by the facts.</summary>
public sealed class Case : IVersioned
{
    /// <summary>Version 7: newer cases have greater ids.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required CaseKind Kind { get; init; }

    /// <summary>What it is about, unique per store and kind: finding the same thing again does not open a second case.</summary>
    public required string SubjectKey { get; init; }

    public Guid? OrderId { get; set; }

    public Guid? CaptureId { get; set; }

    public Guid? PaymentId { get; set; }

    public Guid? RefundId { get; set; }

    /// <summary>The money in question, 分; null where no amount is known.</summary>
    public long? Amount { get; set; }

    /// <summary>JSON object of text values for the page's sentence; never a secret or a payer id.</summary>
    public string DataJson { get; set; } = "{}";

    public required DateTimeOffset OpenedAt { get; set; }

    public CaseStatus Status { get; set; }

    /// <summary>The person who looks after it; null while nobody does.</summary>
    public string? OwnerId { get; set; }

    public string? OwnerName { get; set; }

    public CaseResolution? Resolution { get; set; }

    public string? ResolvedBy { get; set; }

    /// <summary>What the person gave as the reason; null where the facts ended the case.</summary>
    public string? ResolutionReason { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

public enum CaseStatus
{
    Open,
    Resolved,
}

public enum CaseKind
{
    /// <summary>An order was paid after it had been closed: fulfil, hold or give back.</summary>
    LateMoney,

    /// <summary>An order was paid more than once: give back exactly the surplus.</summary>
    DuplicateMoney,

    /// <summary>The gateway vouches for less than the order's amount.</summary>
    ShortMoney,

    /// <summary>The gateway vouches for more than the order's amount.</summary>
    OverMoney,

    /// <summary>A verified notification about a number that we never gave out.</summary>
    UnknownOrder,

    /// <summary>A verified notification that could not be processed, however often it was tried.</summary>
    DeadCallback,

    /// <summary>A verified notification that contradicts what we know.</summary>
    Contradiction,

    /// <summary>We, the callback and the gateway's query do not say the same.</summary>
    WitnessesDisagree,

    /// <summary>A refund did not move money and will not by itself.</summary>
    RefundFailed,

    /// <summary>The gateway's bill and our books differ.</summary>
    BillDifference,

    /// <summary>A background job cannot do its work (keys unreadable, gateway refuses us).</summary>
    AccountBroken,
}

public enum CaseResolution
{
    Fulfilled,
    Held,
    Refunded,
    Booked,
    Explained,

    /// <summary>It went away by itself: the facts agree again.</summary>
    Settled,
}
