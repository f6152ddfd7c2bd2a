using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>The gateways' side, in a file of its own: it knows nothing of the portal's tables, as no gateway does.</summary>
public sealed class SandboxDbContext(DbContextOptions<SandboxDbContext> options) : DbContext(options)
{
    public DbSet<SandboxKey> Keys => Set<SandboxKey>();

    public DbSet<SandboxMerchant> Merchants => Set<SandboxMerchant>();

    public DbSet<SandboxTrade> Trades => Set<SandboxTrade>();

    public DbSet<SandboxToken> Tokens => Set<SandboxToken>();

    public DbSet<SandboxDeliveryReport> DeliveryReports => Set<SandboxDeliveryReport>();

    public DbSet<SandboxRefund> Refunds => Set<SandboxRefund>();

    public DbSet<SandboxDelivery> Deliveries => Set<SandboxDelivery>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMillisecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<Fault>().HaveConversion<FaultConverter>();
    }

    // Here and not in configuration classes: the portal's own model collects those of the whole assembly.
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SandboxKey>().HasIndex(key => key.Name);
        modelBuilder.Entity<SandboxMerchant>().Property(merchant => merchant.Secrets).HasConversion(
            secrets => JsonSerializer.Serialize(secrets, (JsonSerializerOptions?)null),
            text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, (JsonSerializerOptions?)null) ?? new());
        modelBuilder.Entity<SandboxMerchant>().HasIndex(merchant => new { merchant.Channel, merchant.AppId }).IsUnique();
        modelBuilder.Entity<SandboxMerchant>().HasIndex(merchant => new { merchant.Channel, merchant.MerchantNo }).IsUnique();
        modelBuilder.Entity<SandboxTrade>(trade =>
        {
            trade.HasOne(row => row.Merchant).WithMany().HasForeignKey(row => row.MerchantId);
            trade.HasIndex(row => new { row.MerchantId, row.OutTradeNo }).IsUnique();
            trade.HasIndex(row => row.Code).IsUnique();
            trade.HasMany(row => row.Payments).WithOne().HasForeignKey(payment => payment.TradeId);
            trade.Ignore(row => row.GivenBack);
            trade.HasMany(row => row.Refunds).WithOne(refund => refund.Trade).HasForeignKey(refund => refund.TradeId);
            trade.HasMany(row => row.DeliveryReports).WithOne().HasForeignKey(report => report.TradeId);
            trade.HasMany(row => row.Deliveries).WithOne(delivery => delivery.Trade).HasForeignKey(delivery => delivery.TradeId);
        });
        modelBuilder.Entity<SandboxToken>().HasKey(token => token.MerchantId);
        modelBuilder.Entity<SandboxToken>().HasIndex(token => token.Token);
        modelBuilder.Entity<SandboxPayment>().HasIndex(payment => payment.TransactionId).IsUnique();
        modelBuilder.Entity<SandboxRefund>().HasOne(refund => refund.Payment).WithMany().HasForeignKey(refund => refund.PaymentId);
        modelBuilder.Entity<SandboxDelivery>(delivery =>
        {
            delivery.HasOne(row => row.Payment).WithMany().HasForeignKey(row => row.PaymentId);
            delivery.HasOne(row => row.Refund).WithMany().HasForeignKey(row => row.RefundId);
            delivery.HasMany(row => row.Attempts).WithOne().HasForeignKey(attempt => attempt.DeliveryId);
            delivery.HasIndex(row => new { row.State, row.DueAt });
        });
        // Ids are given by the code; a row that comes in by a navigation is new all the same.
        foreach (var key in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.FindPrimaryKey()?.Properties ?? []))
        {
            key.ValueGenerated = ValueGenerated.Never;
        }
    }
}
