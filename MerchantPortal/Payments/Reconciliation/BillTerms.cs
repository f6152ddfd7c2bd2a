using MerchantPortal.Data;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>What the contract of an account says of fees.</summary>
public sealed class BillTerms : IVersioned
{
    public required Guid ChannelAccountId { get; init; }

    public required Guid StoreId { get; init; }

    /// <summary>Millionths of the amount: 0.60 % is 6000. Null where nothing was entered: then the bill's own rate is the measure, if it tells one.</summary>
    public long? FeeRate { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}
