using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Channels;

internal sealed class ChannelPlatformKeyEntityTypeConfiguration : IEntityTypeConfiguration<ChannelPlatformKey>
{
    public void Configure(EntityTypeBuilder<ChannelPlatformKey> builder)
    {
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(key => key.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(key => key.Serial).HasMaxLength(64);
        builder.Property(key => key.Fingerprint).HasMaxLength(64);
        builder.HasIndex(key => new { key.ChannelAccountId, key.Serial }).IsUnique();
    }
}
