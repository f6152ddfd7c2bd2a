using MerchantPortal.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Channels;

internal sealed class ChannelAccountEntityTypeConfiguration : IEntityTypeConfiguration<ChannelAccount>
{
    public void Configure(EntityTypeBuilder<ChannelAccount> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(account => account.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(account => account.Channel).HasMaxLength(32);
        builder.Property(account => account.Name).HasMaxLength(200);
        builder.Property(account => account.MerchantId).HasMaxLength(64);
        builder.Property(account => account.AppId).HasMaxLength(64);
        builder.HasIndex(account => account.StoreId);
    }
}
