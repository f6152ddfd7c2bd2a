using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Notifications;

internal sealed class InboxEntryEntityTypeConfiguration : IEntityTypeConfiguration<InboxEntry>
{
    public void Configure(EntityTypeBuilder<InboxEntry> builder)
    {
        CaptureColumns.Configure(builder);
        builder.ToTable("Inbox");
        builder.Property(entry => entry.MessageId).HasMaxLength(128);
        builder.Property(entry => entry.OutTradeNo).HasMaxLength(64);
        builder.Property(entry => entry.ChannelTransactionId).HasMaxLength(64);
        builder.HasIndex(entry => entry.OrderId);
        // The few that were processed again, by a person or by the portal.
        builder.HasIndex(entry => new { entry.StoreId, entry.Id }, "IX_Inbox_TriedAgain").HasFilter("\"Attempts\" > 1");
        // Twins of what belongs to no order; the others are found among their order's.
        builder.HasIndex(entry => new { entry.ChannelAccountId, entry.BodyHash }).HasFilter("\"OrderId\" IS NULL");
        builder.HasIndex(entry => entry.RetryAt).HasFilter("\"RetryAt\" IS NOT NULL");
    }
}

internal sealed class RejectedCaptureEntityTypeConfiguration : IEntityTypeConfiguration<RejectedCapture>
{
    public void Configure(EntityTypeBuilder<RejectedCapture> builder)
    {
        CaptureColumns.Configure(builder);
        builder.ToTable("RejectedCaptures");
        builder.HasIndex(entry => new { entry.ChannelAccountId, entry.Id });
    }
}

internal sealed class CaptureAttemptEntityTypeConfiguration : IEntityTypeConfiguration<CaptureAttempt>
{
    public void Configure(EntityTypeBuilder<CaptureAttempt> builder)
    {
        builder.Property(attempt => attempt.ActorName).HasMaxLength(200);
        builder.Property(attempt => attempt.ReplayReason).HasMaxLength(500);
        builder.Property(attempt => attempt.Reason).HasMaxLength(64);
        // No foreign key: a capture is either in the inbox or in the ring, and keeps its attempts when it moves.
        builder.HasKey(attempt => new { attempt.CaptureId, attempt.Number });
        builder.Property(attempt => attempt.Number).ValueGeneratedNever();
        builder.Property(attempt => attempt.TraceJson).HasConversion<PackedTextConverter>();
        builder.Property(attempt => attempt.ChangesJson).HasConversion<PackedTextConverter>();
    }
}

file static class CaptureColumns
{
    public static void Configure<T>(EntityTypeBuilder<T> builder)
        where T : Capture
    {
        builder.HasBaseType((Type?)null);
        builder.Property(entry => entry.Channel).HasMaxLength(32);
        builder.Property(entry => entry.Method).HasMaxLength(16);
        builder.Property(entry => entry.Path).HasMaxLength(300);
        builder.Property(entry => entry.QueryString).HasMaxLength(8192);
        builder.Property(entry => entry.RemoteAddress).HasMaxLength(64);
        builder.Property(entry => entry.Reason).HasMaxLength(64);
        builder.HasIndex(entry => new { entry.StoreId, entry.Id });
        builder.Property(entry => entry.HeadersJson).HasConversion<PackedTextConverter>();
        // Nearly all are applied: who looks for those reads the store's list.
        builder.HasIndex(entry => new { entry.StoreId, entry.Status, entry.Id }).HasFilter("\"Status\" <> 'Applied'");
    }
}
