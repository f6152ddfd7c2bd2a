using System.Globalization;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>
/// The whole business truth as one table: order status × kind of message. Pure: no clock, database, HTTP or logger.
/// Notifications, answers to queries and replays all pass through here.
/// </summary>
public static class PaymentStateMachine
{
    /// <param name="snapshot">Null when no attempt has the message's number.</param>
    public static PaymentDecision Decide(PaymentSnapshot? snapshot, VerifiedNotification message)
    {
        if (snapshot is null)
        {
            return new(CallbackStatus.Deferred, DecisionReasons.UnknownOrder, new PaymentEffect.None(),
                [new(TraceSteps.Order, false, "No payment attempt has this number.", Values("out_trade_no", message.OutTradeNo))]);
        }

        var checks = ExpectationChecks.Run(snapshot, message);
        var (outcome, reason, effect) = checks.FailedReason is { } failed
            ? Quarantine(failed)
            : Rule(snapshot, message);
        return new(outcome, reason, effect,
        [
            .. checks.Steps,
            new(TraceSteps.StateRule, outcome is not (CallbackStatus.Quarantined or CallbackStatus.Deferred), reason,
                Values("order", snapshot.OrderStatus.ToString(), "attempt", snapshot.AttemptStatus.ToString(), "message", message.Kind.ToString())),
        ]);
    }

    private static Cell Rule(PaymentSnapshot s, VerifiedNotification m) => s.OrderStatus switch
    {
        OrderStatus.Pending => m.Kind switch
        {
            NotificationKind.PaymentSucceeded => NewMoney(s, m, DecisionReasons.Paid, new PaymentEffect.Pay(Late: false)),
            NotificationKind.PaymentPending => Ignore(DecisionReasons.StillPending),
            NotificationKind.PaymentClosed => CloseAttempt(s),
            NotificationKind.RefundSucceeded => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.RefundAbnormal => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.RefundClosed => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
        OrderStatus.Closed => m.Kind switch
        {
            NotificationKind.PaymentSucceeded => NewMoney(s, m, DecisionReasons.PaidLate, new PaymentEffect.Pay(Late: true)),
            NotificationKind.PaymentPending => Ignore(DecisionReasons.StillPending),
            NotificationKind.PaymentClosed => CloseAttempt(s),
            NotificationKind.RefundSucceeded => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.RefundAbnormal => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.RefundClosed => Defer(DecisionReasons.RefundBeforePayment),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
        OrderStatus.Paid => m.Kind switch
        {
            NotificationKind.PaymentSucceeded => NewMoney(s, m, DecisionReasons.DuplicateMoney, new PaymentEffect.RecordSurplus()),
            NotificationKind.PaymentPending => Ignore(DecisionReasons.StillPending),
            NotificationKind.PaymentClosed => CloseAttempt(s),
            NotificationKind.RefundSucceeded => Refund(s, m),
            NotificationKind.RefundAbnormal => RefundNotSettled(s, RefundStatus.Abnormal),
            NotificationKind.RefundClosed => RefundNotSettled(s, RefundStatus.Closed),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
        OrderStatus.PartiallyRefunded => m.Kind switch
        {
            NotificationKind.PaymentSucceeded => NewMoney(s, m, DecisionReasons.DuplicateMoney, new PaymentEffect.RecordSurplus()),
            NotificationKind.PaymentPending => Ignore(DecisionReasons.StillPending),
            NotificationKind.PaymentClosed => CloseAttempt(s),
            NotificationKind.RefundSucceeded => Refund(s, m),
            NotificationKind.RefundAbnormal => RefundNotSettled(s, RefundStatus.Abnormal),
            NotificationKind.RefundClosed => RefundNotSettled(s, RefundStatus.Closed),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
        OrderStatus.Refunded => m.Kind switch
        {
            NotificationKind.PaymentSucceeded => NewMoney(s, m, DecisionReasons.DuplicateMoney, new PaymentEffect.RecordSurplus()),
            NotificationKind.PaymentPending => Ignore(DecisionReasons.StillPending),
            NotificationKind.PaymentClosed => CloseAttempt(s),
            NotificationKind.RefundSucceeded => Refund(s, m),
            NotificationKind.RefundAbnormal => RefundNotSettled(s, RefundStatus.Abnormal),
            NotificationKind.RefundClosed => RefundNotSettled(s, RefundStatus.Closed),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
    };

    /// <summary>Money counts once per gateway transaction, whatever the number of messages that tell of it.</summary>
    private static Cell NewMoney(PaymentSnapshot s, VerifiedNotification m, string reason, PaymentEffect effect) =>
        string.IsNullOrEmpty(m.ChannelTransactionId) ? Quarantine(DecisionReasons.TransactionMissing) : s.Transaction switch
        {
            TransactionRecord.None => new(CallbackStatus.Applied, reason, effect),
            TransactionRecord.ThisAttempt => new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None()),
            TransactionRecord.OtherAttempt => Quarantine(DecisionReasons.TransactionReused),
        };

    private static Cell CloseAttempt(PaymentSnapshot s) => s.AttemptStatus switch
    {
        AttemptStatus.Created => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Prompted => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Failed => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Paid => Ignore(DecisionReasons.ClosedAfterPaid),
        AttemptStatus.Closed => new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None()),
    };

    private static Cell Refund(PaymentSnapshot s, VerifiedNotification m)
    {
        if (s.Refund?.Status == RefundStatus.Succeeded)
        {
            return new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None());
        }

        // Alipay tells only the sum so far; what we know already is taken off.
        var amount = m.Refund?.Amount ?? m.Refund?.TotalRefunded - s.Refunded;
        if (amount is null)
        {
            return Quarantine(DecisionReasons.RefundUnreadable);
        }

        if (amount <= 0)
        {
            return new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None());
        }

        return amount > s.Paid - s.Refunded || (s.Refund is { } known && known.Amount != amount)
            ? Quarantine(DecisionReasons.RefundTooLarge)
            : new(CallbackStatus.Applied, DecisionReasons.Refunded, new PaymentEffect.Refund(amount.Value));
    }

    private static Cell RefundNotSettled(PaymentSnapshot s, RefundStatus status) =>
        s.Refund is null ? Quarantine(DecisionReasons.RefundUnreadable)
        : s.Refund.Status == status || s.Refund.Status == RefundStatus.Succeeded
            ? new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None())
            : new(CallbackStatus.Applied, DecisionReasons.RefundNotSettled, new PaymentEffect.RefundNotSettled(status));

    private static Cell Ignore(string reason) => new(CallbackStatus.Ignored, reason, new PaymentEffect.None());

    private static Cell Defer(string reason) => new(CallbackStatus.Deferred, reason, new PaymentEffect.None());

    private static Cell Quarantine(string reason) => new(CallbackStatus.Quarantined, reason, new PaymentEffect.Flag());

    private static Dictionary<string, string> Values(params ReadOnlySpan<string?> namesAndValues)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < namesAndValues.Length; i += 2)
        {
            values[namesAndValues[i] ?? ""] = Convert.ToString(namesAndValues[i + 1], CultureInfo.InvariantCulture) ?? "";
        }

        return values;
    }

    private sealed record Cell(CallbackStatus Outcome, string Reason, PaymentEffect Effect);
}
