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
    /// <summary>A gateway tells some of its times by the second, and some it does not tell: then the time at which we heard of it is kept.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(10);

    /// <param name="snapshot">Null when no attempt has the message's number.</param>
    public static PaymentDecision Decide(PaymentSnapshot? snapshot, VerifiedNotification message)
    {
        if (snapshot is null)
        {
            if (message.Kind == NotificationKind.Unrelated)
            {
                return new(CallbackStatus.Ignored, DecisionReasons.Unrelated, new PaymentEffect.None(),
                    [new(TraceSteps.StateRule, true, DecisionReasons.Unrelated)]);
            }

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
            NotificationKind.Subscription => Quarantine(DecisionReasons.Unrecognized),
            NotificationKind.Unrelated => Ignore(DecisionReasons.Unrelated),
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
            NotificationKind.Subscription => Quarantine(DecisionReasons.Unrecognized),
            NotificationKind.Unrelated => Ignore(DecisionReasons.Unrelated),
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
            NotificationKind.Subscription => Quarantine(DecisionReasons.Unrecognized),
            NotificationKind.Unrelated => Ignore(DecisionReasons.Unrelated),
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
            NotificationKind.Subscription => Quarantine(DecisionReasons.Unrecognized),
            NotificationKind.Unrelated => Ignore(DecisionReasons.Unrelated),
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
            NotificationKind.Subscription => Quarantine(DecisionReasons.Unrecognized),
            NotificationKind.Unrelated => Ignore(DecisionReasons.Unrelated),
            NotificationKind.Unrecognized => Quarantine(DecisionReasons.Unrecognized),
        },
    };

    /// <summary>Money counts once per gateway transaction, whatever the number of messages that tell of it.</summary>
    private static Cell NewMoney(PaymentSnapshot s, VerifiedNotification m, string reason, PaymentEffect effect) =>
        string.IsNullOrEmpty(m.ChannelTransactionId) ? Quarantine(DecisionReasons.TransactionMissing) : s.Transaction switch
        {
            // This attempt's money is on record, and nobody vouches that the other number is more of it.
            TransactionRecord.None when m.TransactionIsUnsigned && s.AttemptStatus == AttemptStatus.Paid => Quarantine(DecisionReasons.TransactionUnproven),
            TransactionRecord.None => new(CallbackStatus.Applied, reason, effect),
            TransactionRecord.ThisAttempt => Duplicate(),
            TransactionRecord.Surplus => Duplicate(),
            TransactionRecord.OtherAttempt => Quarantine(DecisionReasons.TransactionReused),
        };

    private static Cell CloseAttempt(PaymentSnapshot s) => s.AttemptStatus switch
    {
        AttemptStatus.Created => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Prompted => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Failed => new(CallbackStatus.Applied, DecisionReasons.AttemptClosed, new PaymentEffect.CloseAttempt()),
        AttemptStatus.Paid => Ignore(DecisionReasons.ClosedAfterPaid),
        AttemptStatus.Closed => Duplicate(),
    };

    private static Cell Refund(PaymentSnapshot s, VerifiedNotification m)
    {
        if (s.RefundIsOfOtherMoney)
        {
            return Quarantine(DecisionReasons.TransactionReused);
        }

        if (s.Refund?.Status == RefundStatus.Succeeded)
        {
            return Duplicate();
        }

        // The order is paid, but by another attempt: the money that this message gives back has not been heard of yet.
        if (s.AttemptStatus != AttemptStatus.Paid)
        {
            return Defer(DecisionReasons.RefundBeforePayment);
        }

        return s.Transaction switch
        {
            TransactionRecord.OtherAttempt => Quarantine(DecisionReasons.TransactionReused),
            TransactionRecord.Surplus => MoneyBack(s, m),
            TransactionRecord.ThisAttempt => MoneyBack(s, m),
            TransactionRecord.None => string.IsNullOrEmpty(m.ChannelTransactionId) ? MoneyBack(s, m) : Defer(DecisionReasons.RefundBeforePayment),
        };
    }

    private static Cell MoneyBack(PaymentSnapshot s, VerifiedNotification m) => RefundAmount(s, m.Refund) switch
    {
        null => Quarantine(DecisionReasons.RefundUnreadable),
        _ when s.Refund is null && m.Refund is { Amount: null, TotalRefunded: var sum } && IsUnclear(s, sum, m.OccurredAt) => Defer(DecisionReasons.RefundWaits),
        <= 0 => Duplicate(),
        // All of it has been told to be back by a sum, of which this one is a part.
        _ when s.Refund is null && m.Refund?.TotalRefunded <= s.Paid && s.Refunded == s.Paid => Duplicate(),
        { } amount when amount > s.Paid - s.Refunded || Contradicts(s.Refund, m.Refund) => Quarantine(DecisionReasons.RefundTooLarge),
        // The gateway will refuse the others; until they have settled, the books have no room for both.
        { } amount when amount > s.Paid - s.Refunded - s.ReservedByOthers => Defer(DecisionReasons.RefundWaits),
        { } amount => s.IsSurplus
            ? new(CallbackStatus.Applied, DecisionReasons.SurplusRefunded, new PaymentEffect.SurplusRefund(amount))
            : new(CallbackStatus.Applied, DecisionReasons.Refunded, new PaymentEffect.Refund(amount)),
    };

    /// <summary>
    /// Alipay tells only the sum so far. Of a refund of ours we know the amount, whatever the order in which its messages come; of
    /// a foreign one it is what the sum has more than we know of. Without a number the sum alone can be told apart from a repeat.
    /// </summary>
    private static long? RefundAmount(PaymentSnapshot s, RefundFact? fact) =>
        fact is not { } told || (told.Amount ?? told.TotalRefunded) is null ? null
        : s.Refund?.Amount ?? (string.IsNullOrEmpty(told.RefundNo) ? null : told.Amount) ?? told.TotalRefunded - s.Refunded;

    /// <summary>
    /// Whether a sum says nothing yet of a refund that is not ours. It may hold refunds of ours that have not settled; and it holds none that came
    /// after it, unless it is the whole payment. What is left for the other refund shows only where neither is so.
    /// </summary>
    private static bool IsUnclear(PaymentSnapshot s, long? sum, DateTimeOffset? at) =>
        s.ReservedByOthers > 0 || (sum < s.Paid && s.LastOwnRefundAt is { } own && !(own + ClockDifference < at));

    private static bool Contradicts(RefundSnapshot? known, RefundFact? fact) =>
        known is not null && ((fact?.Amount ?? known.Amount) != known.Amount || fact?.TotalRefunded < known.Amount);

    private static Cell RefundNotSettled(PaymentSnapshot s, RefundStatus status) =>
        s.Refund is not { } refund ? Quarantine(DecisionReasons.RefundUnreadable)
        : s.RefundIsOfOtherMoney ? Quarantine(DecisionReasons.TransactionReused)
        : RefundNotSettled(s, refund, status);

    /// <summary>Closed is final unless money moves after all; stuck is not. So they end alike in every order of arrival.</summary>
    private static Cell RefundNotSettled(PaymentSnapshot s, RefundSnapshot refund, RefundStatus status) => refund.Status switch
    {
        RefundStatus.Requested => NotSettled(status),
        RefundStatus.Processing => NotSettled(status),
        RefundStatus.Abnormal => status == RefundStatus.Abnormal ? Duplicate() : NotSettled(status),
        // We took the gateway's word that there is no such refund; it has changed its mind.
        RefundStatus.Failed => status == RefundStatus.Closed || refund.Amount <= s.Paid - s.Refunded - s.ReservedByOthers
            ? NotSettled(status)
            : Defer(DecisionReasons.RefundWaits),
        RefundStatus.Closed => Duplicate(),
        RefundStatus.Succeeded => Duplicate(),
    };

    private static Cell NotSettled(RefundStatus status) => new(CallbackStatus.Applied, DecisionReasons.RefundNotSettled, new PaymentEffect.RefundNotSettled(status));

    private static Cell Ignore(string reason) => new(CallbackStatus.Ignored, reason, new PaymentEffect.None());

    private static Cell Duplicate() => new(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied, new PaymentEffect.None());

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
