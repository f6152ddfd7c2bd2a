using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments;

/// <summary>
/// One try to have an order paid through one channel account, under its own <c>out_trade_no</c>. An order has many; the row
/// exists before the gateway hears of it. Amounts are 分.
/// </summary>
public sealed class PaymentAttempt : IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required PaymentMethod Method { get; init; }

    /// <summary>Our number at the channel (商户订单号), unique per account.</summary>
    public required string OutTradeNo { get; init; }

    public required long Amount { get; init; }

    public AttemptStatus Status { get; set; }

    /// <summary>Their number (<c>transaction_id</c>, <c>trade_no</c>); null until the gateway told it.</summary>
    public string? ChannelTransactionId { get; set; }

    /// <summary>What the payer sees, as JSON of <see cref="PaymentPrompt"/>; null before the gateway answered.</summary>
    public string? PromptJson { get; set; }

    /// <summary>Why the gateway refused, in the portal's words; null otherwise.</summary>
    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? LastQueriedAt { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}
