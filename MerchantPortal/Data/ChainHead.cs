using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Data;

/// <summary>The end of one <see cref="HashChain"/>: without it, cutting off the newest records would go unnoticed.</summary>
public sealed class ChainHead
{
    public required Guid StoreId { get; init; }

    /// <summary><c>audit</c>, or <c>ledger:yyyy-MM-dd</c>.</summary>
    public required string Chain { get; init; }

    /// <summary>Records in the chain.</summary>
    public required long Number { get; init; }

    public required byte[] Hash { get; init; }
}

internal sealed class ChainHeadEntityTypeConfiguration : IEntityTypeConfiguration<ChainHead>
{
    public void Configure(EntityTypeBuilder<ChainHead> builder)
    {
        builder.HasKey(head => new { head.StoreId, head.Chain });
        builder.Property(head => head.Chain).HasMaxLength(32);
    }
}
