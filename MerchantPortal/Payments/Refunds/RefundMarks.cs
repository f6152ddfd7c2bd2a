using MerchantPortal.Orders;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Refunds;

/// <summary>
/// What becomes of a refund, its money and its order, in memory: the only code that changes how much of a payment has been given back.
/// <see cref="BookRefund"/> writes all that belongs to it.
/// </summary>
internal sealed class RefundMarks(PaymentRows rows, DateTimeOffset now)
{
    /// <summary>The payment of which something goes back.</summary>
    public Payment Money => (rows.Returning ?? throw new InvalidOperationException("No money to give back.")).Payment;

    public Refund Known => rows.Refund ?? throw new InvalidOperationException("A refund that did not move money must be one of ours.");

    public static void Describe(Refund refund, string code, string message) =>
        (refund.FailureCode, refund.FailureReason) = (code.Length <= 64 ? code : code[..64], message.Length <= 500 ? message : message[..500]);

    /// <returns>The refund; a new one where it was made at the gateway itself.</returns>
    public Refund Succeed(long amount, VerifiedNotification message)
    {
        var refund = rows.Refund ?? NewForeign(amount, message);
        if (rows.Refund is not { HoldsMoney: true })
        {
            Money.RefundReserved += refund.Amount;
        }

        (refund.Status, refund.SettledAt, refund.NextTryAt) = (RefundStatus.Succeeded, message.OccurredAt ?? now, null);
        (refund.FailureCode, refund.FailureReason) = (null, null);
        refund.ChannelRefundId ??= message.Refund?.ChannelRefundId;
        if (!Money.IsSurplus)
        {
            rows.Order.RefundedAmount += amount;
            rows.Order.Status = rows.Order.RefundedAmount == rows.Order.PaidAmount ? OrderStatus.Refunded : OrderStatus.PartiallyRefunded;
        }

        return refund;
    }

    public Refund NotSettle(RefundStatus status)
    {
        var (refund, held) = (Known, Known.HoldsMoney);
        (refund.Status, refund.FailureCode) = (status, status == RefundStatus.Closed ? RefundFailures.ClosedAtGateway : RefundFailures.NeedsHandAtGateway);
        refund.FailureReason = null;
        Money.RefundReserved += (refund.HoldsMoney ? refund.Amount : 0) - (held ? refund.Amount : 0);
        refund.NextTryAt = status == RefundStatus.Closed ? null : refund.NextTryAt ?? RefundSchedule.Next(refund.Tries, now);
        return refund;
    }

    public Refund Fail(string code, string message)
    {
        Money.RefundReserved -= Known.HoldsMoney ? Known.Amount : 0;
        (Known.Status, Known.NextTryAt) = (RefundStatus.Failed, null);
        Describe(Known, code, message);
        return Known;
    }

    public Refund Accept(string? channelRefundId)
    {
        (Known.Status, Known.FailureCode, Known.FailureReason) = (RefundStatus.Processing, null, null);
        Known.ChannelRefundId ??= channelRefundId;
        return Known;
    }

    /// <summary>Of two requests one was refused and the other taken after all: money may move, so it is asked about until the gateway says.</summary>
    public Refund FollowAfterAll()
    {
        Known.NextTryAt = RefundSchedule.Next(Known.Tries, now);
        return Known;
    }

    /// <summary>A refund that was made in the gateway's own console: its number is not ours, its money is.</summary>
    private Refund NewForeign(long amount, VerifiedNotification message) => new()
    {
        StoreId = rows.Order.StoreId,
        OrderId = rows.Order.Id,
        AttemptId = rows.Attempt.Id,
        ChannelAccountId = rows.Attempt.ChannelAccountId,
        PaymentId = Money.Id,
        RefundNo = message.Refund?.RefundNo is { Length: > 0 } no ? no : $"{rows.Attempt.OutTradeNo}-{rows.Returning?.Refunded + amount}",
        Amount = amount,
        ReasonCode = RefundReason.AtGateway,
        CreatedAt = now,
    };
}
