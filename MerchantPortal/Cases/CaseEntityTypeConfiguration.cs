using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Cases;

internal sealed class CaseEntityTypeConfiguration : IEntityTypeConfiguration<Case>
{
    public void Configure(EntityTypeBuilder<Case> builder)
    {
        builder.Property(found => found.SubjectKey).HasMaxLength(160);
        builder.Property(found => found.OwnerId).HasMaxLength(64);
        builder.Property(found => found.OwnerName).HasMaxLength(256);
        builder.Property(found => found.ResolvedBy).HasMaxLength(256);
        builder.Property(found => found.ResolutionReason).HasMaxLength(500);
        builder.HasIndex(found => new { found.StoreId, found.Kind, found.SubjectKey }).IsUnique();
        builder.HasIndex(found => new { found.StoreId, found.Status, found.Id });
        builder.HasIndex(found => found.OrderId);
    }
}
