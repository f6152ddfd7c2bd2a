using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MerchantPortal.Payments;

internal sealed class PaymentAttemptEntityTypeConfiguration : IEntityTypeConfiguration<PaymentAttempt>
{
    public void Configure(EntityTypeBuilder<PaymentAttempt> builder)
    {
        builder.HasOne<Order>().WithMany().HasForeignKey(attempt => attempt.OrderId);
        builder.HasOne<ChannelAccount>().WithMany().HasForeignKey(attempt => attempt.ChannelAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(attempt => attempt.OutTradeNo).HasMaxLength(64);
        builder.Property(attempt => attempt.ChannelTransactionId).HasMaxLength(64);
        builder.Property(attempt => attempt.FailureReason).HasMaxLength(500);
        builder.HasIndex(attempt => new { attempt.ChannelAccountId, attempt.OutTradeNo }).IsUnique();
        // One open attempt per order: two browsers that start paying at once meet here, not at the gateway.
        builder.HasIndex(attempt => attempt.OrderId, "IX_Attempts_Open").IsUnique().HasFilter("\"Status\" IN ('Created', 'Prompted')");
        builder.HasIndex(attempt => attempt.OrderId);
        // The janitor's work list.
        builder.HasIndex(attempt => attempt.QueryAt).HasFilter("\"QueryAt\" IS NOT NULL");
        // Orders that went through an account, in their order.
        builder.HasIndex(attempt => new { attempt.ChannelAccountId, attempt.OrderId });
    }
}

internal sealed class PaymentEntityTypeConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.HasOne<PaymentAttempt>().WithMany().HasForeignKey(payment => payment.AttemptId);
        builder.Property(payment => payment.ChannelTransactionId).HasMaxLength(64);
        builder.Property(payment => payment.PayerMasked).HasMaxLength(64);
        builder.ToTable(table => table.HasCheckConstraint("CK_Payments_RefundReserved", "\"RefundReserved\" >= 0 AND \"RefundReserved\" <= \"Amount\""));
        // The wall against counting money twice.
        builder.HasIndex(payment => new { payment.ChannelAccountId, payment.ChannelTransactionId }).IsUnique();
        // A day of an account, for its bill.
        builder.HasIndex(payment => new { payment.ChannelAccountId, payment.PaidAt });
        builder.HasIndex(payment => payment.OrderId);
    }
}

internal sealed class RefundEntityTypeConfiguration : IEntityTypeConfiguration<Refund>
{
    public void Configure(EntityTypeBuilder<Refund> builder)
    {
        builder.HasOne<PaymentAttempt>().WithMany().HasForeignKey(refund => refund.AttemptId);
        builder.Property(refund => refund.RefundNo).HasMaxLength(64);
        builder.Property(refund => refund.ChannelRefundId).HasMaxLength(64);
        builder.Property(refund => refund.Reason).HasMaxLength(256);
        builder.Property(refund => refund.RequestedBy).HasMaxLength(256);
        builder.Property(refund => refund.FailureCode).HasMaxLength(64);
        builder.Property(refund => refund.FailureReason).HasMaxLength(500);
        builder.Ignore(refund => refund.HoldsMoney);
        builder.HasIndex(refund => new { refund.ChannelAccountId, refund.RefundNo }).IsUnique();
        builder.HasIndex(refund => refund.OrderId);
        builder.HasOne<Payment>().WithMany().HasForeignKey(refund => refund.PaymentId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(refund => refund.FailureReason).HasMaxLength(500);
        builder.Property(refund => refund.RequestedBy).HasMaxLength(256);
        // The work list of the refund job.
        builder.HasIndex(refund => refund.NextTryAt).HasFilter("\"NextTryAt\" IS NOT NULL");
        builder.HasIndex(refund => new { refund.StoreId, refund.Id });
    }
}
