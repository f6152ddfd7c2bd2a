using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Products;
using MerchantPortal.Subscriptions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;

namespace MerchantPortal.Data;

/// <summary>The portal's tables. Derived once per database; made by <see cref="PortalContexts"/>, one per operation.</summary>
public abstract class PortalDbContext(DbContextOptions options) : IdentityDbContext<PortalUser, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Store> Stores => Set<Store>();

    public DbSet<Product> Products => Set<Product>();

    public DbSet<ProductImage> ProductImages => Set<ProductImage>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderLine> OrderLines => Set<OrderLine>();

    public DbSet<OrderTally> OrderTallies => Set<OrderTally>();

    public DbSet<TimelineEntry> Timeline => Set<TimelineEntry>();

    public DbSet<FeedEntry> Feed => Set<FeedEntry>();

    public DbSet<PaymentAttempt> Attempts => Set<PaymentAttempt>();

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Refund> Refunds => Set<Refund>();

    public DbSet<DeliveryReport> DeliveryReports => Set<DeliveryReport>();

    public DbSet<ChannelAccount> ChannelAccounts => Set<ChannelAccount>();

    public DbSet<SharedTokenRow> SharedTokens => Set<SharedTokenRow>();

    public DbSet<ChannelPlatformKey> PlatformKeys => Set<ChannelPlatformKey>();

    public DbSet<InboxEntry> Inbox => Set<InboxEntry>();

    public DbSet<RejectedCapture> RejectedCaptures => Set<RejectedCapture>();

    public DbSet<CaptureAttempt> CaptureAttempts => Set<CaptureAttempt>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<SubscriptionCharge> SubscriptionCharges => Set<SubscriptionCharge>();

    public DbSet<SubscriptionTimestamp> SubscriptionTimestamps => Set<SubscriptionTimestamp>();

    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<ChainHead> ChainHeads => Set<ChainHead>();

    public DbSet<Case> Cases => Set<Case>();

    public DbSet<Lease> Leases => Set<Lease>();

    public DbSet<GatewayBill> GatewayBills => Set<GatewayBill>();

    public DbSet<BillLine> BillLines => Set<BillLine>();

    public DbSet<BillDay> BillDays => Set<BillDay>();

    public DbSet<BillDifference> BillDifferences => Set<BillDifference>();

    public DbSet<BillTerms> BillTerms => Set<BillTerms>();

    public DbSet<DayClose> DayCloses => Set<DayClose>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    public DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();

    /// <summary>The schema with passkeys, whatever the container says: migrations must not depend on it.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State == EntityState.Modified)
            {
                entry.Entity.Version++;
            }
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMillisecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.Properties<OrderFlags>().HaveConversion<int>();
        configurationBuilder.Conventions.Replace<ForeignKeyIndexConvention>(
            services => new ForeignKeyIndexes(services.GetRequiredService<ProviderConventionSetBuilderDependencies>()));
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        foreach (var type in builder.Model.GetEntityTypes().Where(type => type.ClrType.IsAssignableTo(typeof(IVersioned))))
        {
            builder.Entity(type.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
        }
    }
}
