using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Bills;

/// <summary>One line of a gateway's bill. Amounts are 分, never negative.</summary>
internal sealed record SandboxBillLine(string TransactionId, string OutTradeNo, long Amount, long Fee, DateTimeOffset At)
{
    /// <summary>The contract of every merchant here: 0.60 %, rounded to the nearest 分.</summary>
    private const long FeePerTenThousand = 60;

    public required string Subject { get; init; }

    public required TradeProduct Product { get; init; }

    /// <summary>Null for a payment.</summary>
    public SandboxRefund? Refund { get; init; }

    public static SandboxBillLine Of(SandboxTrade trade, SandboxPayment payment) =>
        new(payment.TransactionId, trade.OutTradeNo, payment.Amount, FeeOf(payment.Amount), payment.PaidAt) { Subject = trade.Subject, Product = trade.Product };

    public static SandboxBillLine Of(SandboxTrade trade, SandboxRefund refund) =>
        new(refund.Payment.TransactionId, trade.OutTradeNo, refund.Amount, FeeOf(refund.Amount), refund.RefundedAt) { Subject = trade.Subject, Product = trade.Product, Refund = refund };

    private static long FeeOf(long amount) => ((amount * FeePerTenThousand) + 5_000) / 10_000;
}
