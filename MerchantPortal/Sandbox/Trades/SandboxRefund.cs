namespace MerchantPortal.Sandbox.Trades;

/// <summary>Money that went back to the buyer, from the merchant's console at the gateway or by the merchant's own call. Amounts are 分.</summary>
public sealed class SandboxRefund
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid TradeId { get; init; }

    public required SandboxTrade Trade { get; init; }

    public Guid PaymentId { get; init; }

    /// <summary>The payment that is given back.</summary>
    public required SandboxPayment Payment { get; init; }

    /// <summary>refund_id: the gateway's number.</summary>
    public required string RefundId { get; init; }

    /// <summary>out_refund_no, out_request_no: the merchant's number; made by the gateway for a refund in its console.</summary>
    public required string OutRefundNo { get; init; }

    public required long Amount { get; init; }

    /// <summary>Of all refunds of the trade, this one included.</summary>
    public required long TotalRefunded { get; init; }

    /// <summary>When it ends: until then the gateway works on it.</summary>
    public required DateTimeOffset RefundedAt { get; init; }

    public SandboxRefundEnd EndsAs { get; init; }

    /// <summary>Until then the call that made it, and every repeat, gets no answer; null when it is answered.</summary>
    public DateTimeOffset? SilentUntil { get; init; }

    public bool HasEnded(DateTimeOffset now) => RefundedAt <= now;
}

public enum SandboxRefundEnd
{
    Succeeded,

    /// <summary>The buyer's card is dead; somebody must act in the console.</summary>
    Abnormal,

    /// <summary>No money has moved: it can be given back another time.</summary>
    Closed,
}
