using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Support;

/// <summary>A refund at the fake gateway.</summary>
public sealed class FakeRefund(string refundNo, string outTradeNo, string transactionId, long amount)
{
    public string RefundNo => refundNo;

    public string OutTradeNo => outTradeNo;

    public string TransactionId => transactionId;

    public long Amount => amount;

    public FakeRefundState State { get; set; }

    public NotificationKind Kind => State switch
    {
        FakeRefundState.Succeeded => NotificationKind.RefundSucceeded,
        FakeRefundState.Abnormal => NotificationKind.RefundAbnormal,
        FakeRefundState.Closed => NotificationKind.RefundClosed,
        FakeRefundState.Processing => throw new InvalidOperationException("Nothing is sent of a refund that has not ended."),
    };
}

public enum FakeRefundState
{
    Processing,
    Succeeded,
    Abnormal,
    Closed,
}
