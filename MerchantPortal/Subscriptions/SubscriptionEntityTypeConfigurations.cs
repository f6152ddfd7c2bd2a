using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Subscriptions;

internal sealed class SubscriptionEntityTypeConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(row => row.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(row => row.ChannelSubscriptionId).HasMaxLength(64);
        builder.Property(row => row.PlanId).HasMaxLength(SubscriptionFact.MaxText);
        builder.Property(row => row.BuyerId).HasMaxLength(SubscriptionFact.MaxText);
        builder.Property(row => row.CardId).HasMaxLength(SubscriptionFact.MaxText);
        builder.Property(row => row.BankName).HasMaxLength(SubscriptionFact.MaxText);
        builder.Property(row => row.CardMasked).HasMaxLength(16);
        builder.Property(row => row.IdMasked).HasMaxLength(16);
        builder.Property(row => row.MobileMasked).HasMaxLength(16);
        builder.Property(row => row.FailureReason).HasMaxLength(SubscriptionFact.MaxText);
        builder.HasIndex(row => new { row.ChannelAccountId, row.ChannelSubscriptionId }).IsUnique();
        builder.HasIndex(row => new { row.StoreId, row.Id });
    }
}

internal sealed class SubscriptionChargeEntityTypeConfiguration : IEntityTypeConfiguration<SubscriptionCharge>
{
    public void Configure(EntityTypeBuilder<SubscriptionCharge> builder)
    {
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(row => row.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Subscription>().WithMany().HasForeignKey(row => row.SubscriptionId);
        builder.Property(row => row.ChannelChargeId).HasMaxLength(64);
        builder.Property(row => row.FailureReason).HasMaxLength(SubscriptionFact.MaxText);
        // The wall against counting a charge twice.
        builder.HasIndex(row => new { row.ChannelAccountId, row.ChannelChargeId }).IsUnique();
        builder.HasIndex(row => new { row.StoreId, row.Id });
    }
}

internal sealed class SubscriptionTimestampEntityTypeConfiguration : IEntityTypeConfiguration<SubscriptionTimestamp>
{
    public void Configure(EntityTypeBuilder<SubscriptionTimestamp> builder)
    {
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(row => row.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(row => new { row.ChannelAccountId, row.Timestamp }).IsUnique();
    }
}
