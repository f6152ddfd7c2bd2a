namespace MerchantPortal.Payments.Reconciliation;

/// <summary>A day that a person has closed: the sheet as it was then. Never changed (triggers refuse it), never opened again.</summary>
public sealed class DayClose
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    /// <summary>Of Beijing.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required string ClosedById { get; init; }

    public required string ClosedBy { get; init; }

    /// <summary><see cref="DaySheet"/> as JSON.</summary>
    public required string SheetJson { get; init; }

    /// <summary>Of <see cref="SheetJson"/> in UTF-8, in hex; stands in the audit trail, too.</summary>
    public required string Sha256 { get; init; }
}
