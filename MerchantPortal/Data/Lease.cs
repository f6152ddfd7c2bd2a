using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Data;

/// <summary>Who does a job that only one instance may do at a time.</summary>
public sealed class Lease : IVersioned
{
    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The instance that holds it; null when nobody does.</summary>
    public Guid? Owner { get; set; }

    /// <summary>Raised whenever the lease changes hands: a write that carries an older one comes from somebody who has lost it.</summary>
    public long Epoch { get; set; }

    public DateTimeOffset Until { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

internal sealed class LeaseEntityTypeConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.HasKey(lease => lease.Name);
        builder.Property(lease => lease.Name).HasMaxLength(64);
    }
}
