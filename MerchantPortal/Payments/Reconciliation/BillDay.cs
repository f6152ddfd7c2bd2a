using MerchantPortal.Data;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>How far the bill of one account and day has come.</summary>
public sealed class BillDay : IVersioned
{
    public required Guid ChannelAccountId { get; init; }

    /// <summary>Of Beijing.</summary>
    public required DateOnly Day { get; init; }

    public required Guid StoreId { get; init; }

    public BillDayState State { get; set; }

    public int Tries { get; set; }

    /// <summary>When it is asked for (again); null when nothing is left to do.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Why the last try brought no bill, in English, for staff; null when it did.</summary>
    public string? Reason { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

public enum BillDayState
{
    Waiting,
    Fetching,

    /// <summary>The gateway has not made it yet.</summary>
    NotReady,

    /// <summary>No bill came, or not one that can be believed.</summary>
    Failed,
    Fetched,

    /// <summary>Nothing was paid or refunded, and the books say so too.</summary>
    NoBill,
}
