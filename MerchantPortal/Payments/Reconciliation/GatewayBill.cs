using MerchantPortal.Data;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>What a gateway says of one day of one account. Several of one day when it was corrected; the newest counts. Amounts are 分.</summary>
public sealed class GatewayBill : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>Of Beijing.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Of what the rows say, in hex; unique per account and day.</summary>
    public required string Sha256 { get; init; }

    public required BillSource Source { get; init; }

    /// <summary>As the person's file was called; null for a download.</summary>
    public string? FileName { get; init; }

    /// <summary>Who brought it; the portal itself for a download.</summary>
    public required string TakenBy { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required int Rows { get; init; }

    public required int Payments { get; init; }

    public required long Paid { get; init; }

    public required int Refunds { get; init; }

    public required long Refunded { get; init; }

    /// <summary>Kept less given back.</summary>
    public required long Fees { get; init; }

    /// <summary>When it was last compared with the books; null while its lines are still being written.</summary>
    public DateTimeOffset? MatchedAt { get; set; }

    /// <summary>The one that counts; one per account and day.</summary>
    public bool IsCurrent { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

public enum BillSource
{
    Downloaded,
    Uploaded,

    /// <summary>The gateway said that there was nothing.</summary>
    NothingTold,
}
