using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments.Ledger;

internal sealed class LedgerEntryEntityTypeConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.HasKey(entry => new { entry.StoreId, entry.Day, entry.Number });
        builder.Property(entry => entry.Number).ValueGeneratedNever();
        // The same movement cannot be booked twice.
        builder.HasIndex(entry => new { entry.MovementId, entry.Movement, entry.Account }).IsUnique();
        // What is seldom. An order's payments are found by their own ids, so that booking one has no index more to write.
        builder.HasIndex(entry => entry.OrderId).HasFilter("\"Movement\" <> 'Payment'");
    }
}
