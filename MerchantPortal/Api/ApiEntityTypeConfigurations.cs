using MerchantPortal.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Api;

internal sealed class ApiKeyEntityTypeConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(key => key.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(key => key.Name).HasMaxLength(200);
        builder.Property(key => key.Prefix).HasMaxLength(16);
        builder.Property(key => key.Scopes).HasMaxLength(500);
        builder.HasIndex(key => key.Hash).IsUnique();
    }
}

internal sealed class IdempotencyRecordEntityTypeConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.HasKey(record => new { record.StoreId, record.Key });
        builder.Property(record => record.Key).HasMaxLength(255);
        builder.HasIndex(record => record.CreatedAt);
    }
}
