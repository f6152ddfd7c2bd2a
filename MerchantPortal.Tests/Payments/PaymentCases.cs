using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Orders.OrderStatus;
using static MerchantPortal.Payments.Notifications.NotificationKind;

namespace MerchantPortal.Tests.Payments;

/// <summary>How an order usually stands, and what a gateway usually says of it. A test changes the one thing that it is about.</summary>
internal static class PaymentCases
{
    public const long Amount = 12340;

    public static readonly PaymentEffect None = new PaymentEffect.None();
    public static readonly PaymentEffect Flag = new PaymentEffect.Flag();

    public static void AssertDecided(
        CallbackStatus outcome, string reason, PaymentEffect effect, PaymentSnapshot? snapshot, VerifiedNotification message)
    {
        var decision = PaymentStateMachine.Decide(snapshot, message);
        Assert.Equal((outcome, reason, effect), (decision.Outcome, decision.Reason, decision.Effect));
    }

    /// <summary>How things usually stand when such a message comes: money is new, a refund is of the money that paid, closing is of an open attempt.</summary>
    public static PaymentSnapshot Usual(OrderStatus status, NotificationKind kind)
    {
        var paid = status is Paid or PartiallyRefunded or Refunded;
        var aboutPaidMoney = paid && kind is RefundSucceeded or RefundAbnormal or RefundClosed;
        return new PaymentSnapshot(
            status,
            aboutPaidMoney ? AttemptStatus.Paid : AttemptStatus.Prompted,
            Amount,
            "app",
            "merchant",
            aboutPaidMoney ? TransactionRecord.ThisAttempt : TransactionRecord.None,
            Paid: paid ? Amount : 0,
            Refunded: status switch
            {
                Pending => 0,
                Closed => 0,
                Paid => 0,
                PartiallyRefunded => 2000,
                Refunded => Amount,
            },
            kind is RefundAbnormal or RefundClosed ? new RefundSnapshot(RefundStatus.Processing, 1000) : null);
    }

    public static VerifiedNotification Message(NotificationKind kind) => new()
    {
        Kind = kind,
        Source = NotificationSource.Notification,
        OutTradeNo = "PX1",
        ChannelTransactionId = "T1",
        Amount = Amount,
        Currency = "CNY",
        AppId = "app",
        MerchantId = "merchant",
        Refund = kind is RefundSucceeded or RefundAbnormal or RefundClosed ? new RefundFact("RF1", null, 1000, null) : null,
    };

    public static VerifiedNotification Refunding(long? own, long? total) =>
        Message(RefundSucceeded) with { Refund = new RefundFact("RF1", null, own, total) };
}
