using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Channels;

/// <summary>One shared token, and who is fetching the next one.</summary>
public sealed class SharedTokenRow : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    /// <summary>See <see cref="SharedTokenSource.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Sealed by <see cref="SecretBox"/>; null before the first was fetched, and after one was refused.</summary>
    public byte[]? SealedToken { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>From then on the next one is fetched, while this one still serves.</summary>
    public DateTimeOffset? RefreshAt { get; set; }

    /// <summary>Names the fetch that is under way; whoever comes back with another name has been overtaken. Null when nobody fetches.</summary>
    public Guid? Lease { get; set; }

    /// <summary>After that the one who fetches is taken for dead.</summary>
    public DateTimeOffset? LeaseEndsAt { get; set; }

    /// <summary>The day, in Beijing, that <see cref="Fetches"/> counts.</summary>
    public DateOnly Day { get; set; }

    public int Fetches { get; set; }

    /// <summary>Concurrency token: of two who want to fetch, one gets the lease.</summary>
    public int Version { get; set; }
}

internal sealed class SharedTokenRowEntityTypeConfiguration : IEntityTypeConfiguration<SharedTokenRow>
{
    public void Configure(EntityTypeBuilder<SharedTokenRow> builder)
    {
        builder.ToTable("SharedTokens");
        builder.HasOne<Store>().WithMany().HasForeignKey(row => row.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(row => row.Name).HasMaxLength(64);
        builder.HasIndex(row => new { row.StoreId, row.Name }).IsUnique();
    }
}
