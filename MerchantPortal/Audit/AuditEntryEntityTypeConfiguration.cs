using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Audit;

internal sealed class AuditEntryEntityTypeConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.HasKey(entry => new { entry.StoreId, entry.Number });
        builder.Property(entry => entry.Number).ValueGeneratedNever();
        // What was done to one thing, beside that thing.
        builder.HasIndex(entry => new { entry.StoreId, entry.Target, entry.Number });
        builder.Property(entry => entry.ActorId).HasMaxLength(64);
        builder.Property(entry => entry.ActorName).HasMaxLength(256);
        builder.Property(entry => entry.Action).HasMaxLength(64);
        builder.Property(entry => entry.Target).HasMaxLength(256);
        builder.Property(entry => entry.Reason).HasMaxLength(500);
        builder.Property(entry => entry.CorrelationId).HasMaxLength(64);
    }
}
