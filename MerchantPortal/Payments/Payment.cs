using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>
/// Money that one gateway transaction brought: one row per (channel account, transaction id), guarded by a unique index.
/// What it says never changes once written; only what is given back of it is counted.
/// </summary>
public sealed class Payment : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid AttemptId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required string ChannelTransactionId { get; init; }

    /// <summary>分.</summary>
    public required long Amount { get; init; }

    /// <summary>True when the order had been paid already: money that is not ours and waits to be given back.</summary>
    public required bool IsSurplus { get; init; }

    /// <summary>Payer id with all but its last four characters masked; null when the channel told none.</summary>
    public string? PayerMasked { get; init; }

    /// <summary>How it was learned of: a payment that asking found, before any notification told it, was rescued.</summary>
    public NotificationSource FoundBy { get; init; }

    /// <summary>The gateway's time.</summary>
    public required DateTimeOffset PaidAt { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Σ of its refunds that moved money or still may, 分. The database refuses more than <see cref="Amount"/>.</summary>
    public long RefundReserved { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}
