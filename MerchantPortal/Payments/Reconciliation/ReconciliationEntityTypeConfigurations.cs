using MerchantPortal.Accounts;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Reconciliation;

internal sealed class GatewayBillEntityTypeConfiguration : IEntityTypeConfiguration<GatewayBill>
{
    public void Configure(EntityTypeBuilder<GatewayBill> builder)
    {
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(bill => bill.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(bill => bill.Sha256).HasMaxLength(64);
        builder.Property(bill => bill.FileName).HasMaxLength(200);
        builder.Property(bill => bill.TakenBy).HasMaxLength(256);
        // Bringing the same bill again brings nothing new.
        builder.HasIndex(bill => new { bill.ChannelAccountId, bill.Day, bill.Sha256 }).IsUnique();
        builder.HasIndex(bill => new { bill.ChannelAccountId, bill.Day }, "IX_GatewayBills_Current").IsUnique().HasFilter("\"IsCurrent\"");
        builder.HasIndex(bill => new { bill.StoreId, bill.Day });
    }
}

internal sealed class BillLineEntityTypeConfiguration : IEntityTypeConfiguration<BillLine>
{
    public void Configure(EntityTypeBuilder<BillLine> builder)
    {
        builder.HasOne<GatewayBill>().WithMany().HasForeignKey(line => line.BillId);
        builder.Property(line => line.Key).HasMaxLength(100);
        builder.Property(line => line.TransactionId).HasMaxLength(64);
        builder.Property(line => line.OutTradeNo).HasMaxLength(64);
        builder.Property(line => line.RefundNo).HasMaxLength(64);
        builder.Property(line => line.RefundId).HasMaxLength(64);
        builder.HasIndex(line => new { line.BillId, line.Line }).IsUnique();
        builder.HasIndex(line => new { line.ChannelAccountId, line.Key });
    }
}

internal sealed class BillDayEntityTypeConfiguration : IEntityTypeConfiguration<BillDay>
{
    public void Configure(EntityTypeBuilder<BillDay> builder)
    {
        builder.HasKey(day => new { day.ChannelAccountId, day.Day });
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(day => day.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(day => day.Reason).HasMaxLength(500);
        builder.HasIndex(day => day.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
        builder.HasIndex(day => new { day.StoreId, day.Day });
    }
}

internal sealed class BillDifferenceEntityTypeConfiguration : IEntityTypeConfiguration<BillDifference>
{
    public void Configure(EntityTypeBuilder<BillDifference> builder)
    {
        builder.HasOne<GatewayBill>().WithMany().HasForeignKey(difference => difference.BillId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(difference => difference.SubjectKey).HasMaxLength(100);
        builder.Property(difference => difference.ResolvedBy).HasMaxLength(256);
        builder.Property(difference => difference.Reason).HasMaxLength(500);
        builder.HasIndex(difference => new { difference.ChannelAccountId, difference.Day, difference.Kind, difference.SubjectKey }, "IX_BillDifferences_Open")
            .IsUnique().HasFilter("\"Status\" = 'Open'");
        builder.HasIndex(difference => new { difference.StoreId, difference.Day });
    }
}

internal sealed class BillTermsEntityTypeConfiguration : IEntityTypeConfiguration<BillTerms>
{
    public void Configure(EntityTypeBuilder<BillTerms> builder)
    {
        builder.HasKey(terms => terms.ChannelAccountId);
        builder.HasOne<ChannelAccount>().WithOne().HasForeignKey<BillTerms>(terms => terms.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DayCloseEntityTypeConfiguration : IEntityTypeConfiguration<DayClose>
{
    public void Configure(EntityTypeBuilder<DayClose> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(close => close.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(close => close.ClosedById).HasMaxLength(64);
        builder.Property(close => close.ClosedBy).HasMaxLength(256);
        builder.Property(close => close.Sha256).HasMaxLength(64);
        builder.HasIndex(close => new { close.StoreId, close.Day }).IsUnique();
    }
}
