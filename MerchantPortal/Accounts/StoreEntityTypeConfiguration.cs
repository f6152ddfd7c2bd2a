using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Accounts;

internal sealed class StoreEntityTypeConfiguration : IEntityTypeConfiguration<Store>
{
    public void Configure(EntityTypeBuilder<Store> builder)
    {
        builder.Property(store => store.Name).HasMaxLength(200);
        builder.Property(store => store.TimeZone).HasMaxLength(64);
        builder.Property(store => store.Language).HasMaxLength(16);
        builder.Property(store => store.SupportContact).HasMaxLength(200);
        // An origin has no space: the text is the very source list of frame-ancestors.
        builder.Property(store => store.EmbedOrigins).HasMaxLength(8000).HasConversion(
            origins => string.Join(' ', origins),
            text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new ValueComparer<IReadOnlyList<string>>(
                (one, other) => (one ?? Array.Empty<string>()).SequenceEqual(other ?? Array.Empty<string>()),
                origins => string.Join(' ', origins).GetHashCode(StringComparison.Ordinal),
                origins => origins.ToArray()));
        // Raised by its own statement only, under the row's lock; a whole-row update must not write an old number back.
        builder.Property(store => store.LastFeedNumber).Metadata
            .SetAfterSaveBehavior(Microsoft.EntityFrameworkCore.Metadata.PropertySaveBehavior.Ignore);
    }
}

internal sealed class PortalUserEntityTypeConfiguration : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        builder.HasOne<Store>().WithMany().HasForeignKey(user => user.StoreId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(user => user.DisplayName).HasMaxLength(200);
    }
}
