using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments;

/// <summary>What a gateway is to be told of a paid attempt: the buyer has the goods. Written in the commit that pays the order.</summary>
public sealed class DeliveryReport : IVersioned
{
    /// <summary>The attempt's own id: one report each.</summary>
    public required Guid AttemptId { get; init; }

    public required Guid StoreId { get; init; }

    /// <summary>When the order was found paid; the portal knows no later moment of delivery.</summary>
    public required DateTimeOffset DeliveredAt { get; init; }

    public int Attempts { get; set; }

    /// <summary>When the next try is due; null when it was taken, refused, or given up.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Null until the gateway has taken it.</summary>
    public DateTimeOffset? ReportedAt { get; set; }

    /// <summary>Concurrency token: of two instances one makes the try.</summary>
    public int Version { get; set; }
}

internal sealed class DeliveryReportEntityTypeConfiguration : IEntityTypeConfiguration<DeliveryReport>
{
    public void Configure(EntityTypeBuilder<DeliveryReport> builder)
    {
        builder.HasKey(report => report.AttemptId);
        builder.HasOne<PaymentAttempt>().WithMany().HasForeignKey(report => report.AttemptId);
        builder.Property(report => report.AttemptId).ValueGeneratedNever();
        builder.HasIndex(report => report.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
    }
}
