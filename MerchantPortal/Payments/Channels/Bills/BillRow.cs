namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>One line of a gateway's bill. Amounts are 分 and never negative; what they did stands in <see cref="Kind"/>.</summary>
/// <param name="Line">In the file, the first is 1.</param>
/// <param name="TransactionId">Their number of the payment; for a refund of the payment that is given back.</param>
/// <param name="RefundNo">Our number of the refund; empty for payments, and for refunds that the gateway gave no number.</param>
/// <param name="RefundId">Their number of the refund; empty where they have none.</param>
public sealed record BillRow(int Line, BillRowKind Kind, BillRowStatus Status, string TransactionId, string OutTradeNo, string RefundNo, string RefundId)
{
    internal const string RefundPrefix = "refund:";
    internal const string RefundIdPrefix = "refund-id:";

    public required long Amount { get; init; }

    /// <summary>分 that the gateway keeps of it; negative when it gives a fee back.</summary>
    public required long Fee { get; init; }

    /// <summary>Millionths of the amount (0.60 % is 6000), where the bill says at which rate the fee was taken; else null.</summary>
    public long? FeeRate { get; init; }

    /// <summary>The gateway's time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Names what the line is about: two lines with one key are the same thing told twice.</summary>
    public string Key => Kind == BillRowKind.Payment ? TransactionId
        : RefundNo.Length > 0 ? RefundKey(RefundNo)
        : RefundId.Length > 0 ? $"{RefundIdPrefix}{RefundId}"
        : $"refund-of:{TransactionId}:{At.ToUnixTimeSeconds()}";

    public static string RefundKey(string refundNo) => $"{RefundPrefix}{refundNo}";
}

public enum BillRowKind
{
    Payment,
    Refund,
}

public enum BillRowStatus
{
    Succeeded,

    /// <summary>A refund that the gateway had not finished when it made the bill.</summary>
    Pending,

    /// <summary>No money has moved.</summary>
    Failed,
}
