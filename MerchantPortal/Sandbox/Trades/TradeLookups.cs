using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

internal static class TradeLookups
{
    /// <returns>Null when the merchant has no such trade.</returns>
    public static Task<SandboxTrade?> FindTradeAsync(this SandboxDbContext db, SandboxMerchant merchant, string outTradeNo, CancellationToken cancellationToken) =>
        db.Trades.Include(row => row.Merchant).Include(row => row.Payments).Include(row => row.Refunds).AsSplitQuery().OrderBy(row => row.Id)
            .SingleOrDefaultAsync(row => row.MerchantId == merchant.Id && row.OutTradeNo == outTradeNo, cancellationToken);

    /// <param name="transactionId">The gateway's own number.</param>
    public static Task<SandboxTrade?> FindTradeByTransactionAsync(
        this SandboxDbContext db, SandboxMerchant merchant, string transactionId, CancellationToken cancellationToken) =>
        db.Trades.Include(row => row.Merchant).Include(row => row.Payments).Include(row => row.Refunds).AsSplitQuery().OrderBy(row => row.Id)
            .SingleOrDefaultAsync(row => row.MerchantId == merchant.Id && row.Payments.Any(payment => payment.TransactionId == transactionId), cancellationToken);

    public static Task<int> FindTriesAsync(this SandboxDbContext db, Guid deliveryId, CancellationToken cancellationToken) =>
        db.Deliveries.Where(row => row.Id == deliveryId).SelectMany(row => row.Attempts).CountAsync(cancellationToken);
}
