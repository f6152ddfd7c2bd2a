using MerchantPortal.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Orders;

internal sealed class OrderEntityTypeConfiguration : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(order => order.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(order => order.Number).HasMaxLength(32);
        builder.Property(order => order.CheckoutToken).HasMaxLength(32);
        builder.Property(order => order.MerchantOrderNo).HasMaxLength(64);
        builder.Property(order => order.Subject).HasMaxLength(256);
        builder.Property(order => order.Note).HasMaxLength(2000);
        builder.Property(order => order.ReturnUrl).HasMaxLength(2000);
        builder.HasIndex(order => order.Number).IsUnique();
        builder.HasIndex(order => order.CheckoutToken).IsUnique();
        builder.HasIndex(order => new { order.StoreId, order.MerchantOrderNo }).IsUnique().HasFilter("\"MerchantOrderNo\" IS NOT NULL");
        // Lists page by id (version 7: by time), with or without a status.
        builder.HasIndex(order => new { order.StoreId, order.Id });
        builder.HasIndex(order => new { order.StoreId, order.Status, order.Id });
        builder.HasIndex(order => new { order.StoreId, order.Id }, "IX_Orders_Flagged").HasFilter("\"Flags\" <> 0");
        // Orders of an amount.
        builder.HasIndex(order => new { order.StoreId, order.Amount, order.Id });
        // Takings of a day.
        builder.HasIndex(order => new { order.StoreId, order.PaidAt }).HasFilter("\"PaidAt\" IS NOT NULL");
        // What has expired and waits to be closed.
        builder.HasIndex(order => order.ExpiresAt).HasFilter("\"Status\" = 'Pending'");
        builder.HasMany(order => order.Lines).WithOne().HasForeignKey(line => line.OrderId);
    }
}

internal sealed class OrderTallyEntityTypeConfiguration : IEntityTypeConfiguration<OrderTally>
{
    public void Configure(EntityTypeBuilder<OrderTally> builder)
    {
        builder.ToTable(OrderTallies.Table);
        builder.HasKey(tally => new { tally.StoreId, tally.Span, tally.Status, tally.Flags });
    }
}

internal sealed class OrderLineEntityTypeConfiguration : IEntityTypeConfiguration<OrderLine>
{
    public void Configure(EntityTypeBuilder<OrderLine> builder) => builder.Property(line => line.Name).HasMaxLength(200);
}

internal sealed class TimelineEntryEntityTypeConfiguration : IEntityTypeConfiguration<TimelineEntry>
{
    public void Configure(EntityTypeBuilder<TimelineEntry> builder)
    {
        builder.Property(entry => entry.ActorName).HasMaxLength(200);
        builder.HasOne<Order>().WithMany().HasForeignKey(entry => entry.OrderId);
        builder.HasKey(entry => new { entry.OrderId, entry.Id });
    }
}

internal sealed class FeedEntryEntityTypeConfiguration : IEntityTypeConfiguration<FeedEntry>
{
    public void Configure(EntityTypeBuilder<FeedEntry> builder)
    {
        builder.HasKey(entry => new { entry.StoreId, entry.Number });
        builder.Property(entry => entry.Number).ValueGeneratedNever();
        builder.Property(entry => entry.OrderNumber).HasMaxLength(32);
    }
}
