using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Orders.OrderStatus;
using static MerchantPortal.Payments.Notifications.CallbackStatus;
using static MerchantPortal.Payments.Notifications.NotificationKind;
using static MerchantPortal.Tests.Payments.PaymentCases;

namespace MerchantPortal.Tests.Payments;

public sealed class PaymentStateMachineTests
{
    private static readonly (OrderStatus Status, NotificationKind Kind, string Rule, CallbackStatus Outcome, string Reason, PaymentEffect Effect)[] Table =
    [
        (Pending, PaymentSucceeded, "money_pays_a_pending_order", Applied, "paid", new PaymentEffect.Pay(Late: false)),
        (Pending, PaymentPending, "a_buyer_who_has_not_paid_changes_nothing", Ignored, "still_pending", None),
        (Pending, PaymentClosed, "a_closed_attempt_leaves_the_order_open", Applied, "attempt_closed", new PaymentEffect.CloseAttempt()),
        (Pending, RefundSucceeded, "a_refund_waits_for_its_payment", Deferred, "refund_before_payment", None),
        (Pending, RefundAbnormal, "a_stuck_refund_waits_for_its_payment", Deferred, "refund_before_payment", None),
        (Pending, RefundClosed, "a_closed_refund_waits_for_its_payment", Deferred, "refund_before_payment", None),
        (Pending, Subscription, "a_subscription_never_speaks_of_a_pending_order", Quarantined, "unrecognized", Flag),
        (Pending, Unrelated, "what_is_not_about_orders_leaves_a_pending_order_alone", Ignored, "unrelated", None),
        (Pending, Unrecognized, "what_nobody_understands_is_shown_to_a_person", Quarantined, "unrecognized", Flag),

        (Closed, PaymentSucceeded, "late_money_pays_a_closed_order_and_says_so", Applied, "paid_late", new PaymentEffect.Pay(Late: true)),
        (Closed, PaymentPending, "a_closed_order_stays_closed_while_nobody_pays", Ignored, "still_pending", None),
        (Closed, PaymentClosed, "an_attempt_may_close_after_its_order", Applied, "attempt_closed", new PaymentEffect.CloseAttempt()),
        (Closed, RefundSucceeded, "a_refund_of_a_closed_order_waits_for_its_payment", Deferred, "refund_before_payment", None),
        (Closed, RefundAbnormal, "a_stuck_refund_of_a_closed_order_waits_too", Deferred, "refund_before_payment", None),
        (Closed, RefundClosed, "a_closed_refund_of_a_closed_order_waits_too", Deferred, "refund_before_payment", None),
        (Closed, Subscription, "a_subscription_never_speaks_of_a_closed_order", Quarantined, "unrecognized", Flag),
        (Closed, Unrelated, "what_is_not_about_orders_leaves_a_closed_order_alone", Ignored, "unrelated", None),
        (Closed, Unrecognized, "what_nobody_understands_is_shown_when_closed", Quarantined, "unrecognized", Flag),

        (Paid, PaymentSucceeded, "second_money_is_surplus_and_never_a_second_payment", Applied, "duplicate_money", new PaymentEffect.RecordSurplus()),
        (Paid, PaymentPending, "a_paid_order_never_goes_back_to_pending", Ignored, "still_pending", None),
        (Paid, PaymentClosed, "another_attempt_may_close_after_payment", Applied, "attempt_closed", new PaymentEffect.CloseAttempt()),
        (Paid, RefundSucceeded, "a_refund_gives_money_back", Applied, "refunded", new PaymentEffect.Refund(1000)),
        (Paid, RefundAbnormal, "a_stuck_refund_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Abnormal)),
        (Paid, RefundClosed, "a_closed_refund_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Closed)),
        (Paid, Subscription, "a_subscription_never_speaks_of_a_paid_order", Quarantined, "unrecognized", Flag),
        (Paid, Unrelated, "what_is_not_about_orders_leaves_a_paid_order_alone", Ignored, "unrelated", None),
        (Paid, Unrecognized, "what_nobody_understands_is_shown_when_paid", Quarantined, "unrecognized", Flag),

        (PartiallyRefunded, PaymentSucceeded, "second_money_after_a_refund_is_surplus", Applied, "duplicate_money", new PaymentEffect.RecordSurplus()),
        (PartiallyRefunded, PaymentPending, "a_partly_refunded_order_never_goes_back_to_pending", Ignored, "still_pending", None),
        (PartiallyRefunded, PaymentClosed, "another_attempt_may_close_after_a_refund", Applied, "attempt_closed", new PaymentEffect.CloseAttempt()),
        (PartiallyRefunded, RefundSucceeded, "a_second_refund_gives_more_back", Applied, "refunded", new PaymentEffect.Refund(1000)),
        (PartiallyRefunded, RefundAbnormal, "a_stuck_second_refund_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Abnormal)),
        (PartiallyRefunded, RefundClosed, "a_closed_second_refund_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Closed)),
        (PartiallyRefunded, Subscription, "a_subscription_never_speaks_of_a_partly_refunded_order", Quarantined, "unrecognized", Flag),
        (PartiallyRefunded, Unrelated, "what_is_not_about_orders_leaves_a_partly_refunded_order_alone", Ignored, "unrelated", None),
        (PartiallyRefunded, Unrecognized, "what_nobody_understands_is_shown_when_partly_refunded", Quarantined, "unrecognized", Flag),

        (Refunded, PaymentSucceeded, "second_money_after_a_full_refund_is_surplus", Applied, "duplicate_money", new PaymentEffect.RecordSurplus()),
        (Refunded, PaymentPending, "a_refunded_order_never_goes_back_to_pending", Ignored, "still_pending", None),
        (Refunded, PaymentClosed, "another_attempt_may_close_after_a_full_refund", Applied, "attempt_closed", new PaymentEffect.CloseAttempt()),
        (Refunded, RefundSucceeded, "no_more_goes_back_than_came_in", Quarantined, "refund_too_large", Flag),
        (Refunded, RefundAbnormal, "a_stuck_refund_after_a_full_one_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Abnormal)),
        (Refunded, RefundClosed, "a_closed_refund_after_a_full_one_moves_no_money", Applied, "refund_not_settled", new PaymentEffect.RefundNotSettled(RefundStatus.Closed)),
        (Refunded, Subscription, "a_subscription_never_speaks_of_a_refunded_order", Quarantined, "unrecognized", Flag),
        (Refunded, Unrelated, "what_is_not_about_orders_leaves_a_refunded_order_alone", Ignored, "unrelated", None),
        (Refunded, Unrecognized, "what_nobody_understands_is_shown_when_refunded", Quarantined, "unrecognized", Flag),
    ];

    public static TheoryData<OrderStatus, NotificationKind, string> Cells
    {
        get
        {
            var cells = new TheoryData<OrderStatus, NotificationKind, string>();
            foreach (var cell in Table)
            {
                cells.Add(cell.Status, cell.Kind, cell.Rule);
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Cell(OrderStatus status, NotificationKind kind, string rule)
    {
        var cell = Table.Single(row => row.Status == status && row.Kind == kind);
        Assert.Equal(rule, cell.Rule);

        var decision = PaymentStateMachine.Decide(Usual(status, kind), Message(kind));

        Assert.Equal((cell.Outcome, cell.Reason, cell.Effect), (decision.Outcome, decision.Reason, decision.Effect));
        Assert.Equal(TraceSteps.StateRule, decision.Trace[^1].Step);
    }

    [Fact]
    public void Table_has_every_cell_once()
    {
        var all = Enum.GetValues<OrderStatus>().SelectMany(status => Enum.GetValues<NotificationKind>().Select(kind => (status, kind)));

        Assert.Equal(all.Order(), Table.Select(cell => (cell.Status, cell.Kind)).Order());
    }

    [Theory]
    [InlineData(Pending)]
    [InlineData(Closed)]
    [InlineData(Paid)]
    [InlineData(PartiallyRefunded)]
    [InlineData(Refunded)]
    public void Money_counts_once_per_transaction(OrderStatus status)
    {
        var usual = Usual(status, PaymentSucceeded);

        AssertDecided(Duplicate, "already_applied", None, usual with { Transaction = TransactionRecord.ThisAttempt }, Message(PaymentSucceeded));
        AssertDecided(Duplicate, "already_applied", None, usual with { Transaction = TransactionRecord.Surplus }, Message(PaymentSucceeded));
        AssertDecided(Quarantined, "transaction_reused", Flag, usual with { Transaction = TransactionRecord.OtherAttempt }, Message(PaymentSucceeded));
        AssertDecided(Quarantined, "transaction_missing", Flag, usual, Message(PaymentSucceeded) with { ChannelTransactionId = null });
        AssertDecided(Quarantined, "transaction_missing", Flag, usual, Message(PaymentSucceeded) with { ChannelTransactionId = "" });
    }

    [Theory]
    [InlineData(Paid)]
    [InlineData(PartiallyRefunded)]
    [InlineData(Refunded)]
    public void A_second_number_that_nobody_vouches_for_is_no_second_money(OrderStatus status)
    {
        var message = Message(PaymentSucceeded) with { TransactionIsUnsigned = true };
        var paid = Usual(status, PaymentSucceeded) with { AttemptStatus = AttemptStatus.Paid };

        AssertDecided(Quarantined, "transaction_unproven", Flag, paid, message);
        AssertDecided(Duplicate, "already_applied", None, paid with { Transaction = TransactionRecord.ThisAttempt }, message);
        AssertDecided(Applied, "duplicate_money", new PaymentEffect.RecordSurplus(), paid with { AttemptStatus = AttemptStatus.Prompted }, message);
    }

    [Fact]
    public void What_is_not_about_orders_needs_no_order()
    {
        var decision = PaymentStateMachine.Decide(null, Message(Unrelated) with { OutTradeNo = null });

        Assert.Equal((Ignored, "unrelated", None), (decision.Outcome, decision.Reason, decision.Effect));
    }

    [Theory]
    [InlineData(AttemptStatus.Created, Applied, "attempt_closed")]
    [InlineData(AttemptStatus.Prompted, Applied, "attempt_closed")]
    [InlineData(AttemptStatus.Failed, Applied, "attempt_closed")]
    [InlineData(AttemptStatus.Paid, Ignored, "closed_after_paid")]
    [InlineData(AttemptStatus.Closed, Duplicate, "already_applied")]
    public void Closing_an_attempt_that_is(AttemptStatus attempt, CallbackStatus outcome, string reason)
    {
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            AssertDecided(
                outcome, reason, outcome == Applied ? new PaymentEffect.CloseAttempt() : None,
                Usual(status, PaymentClosed) with { AttemptStatus = attempt }, Message(PaymentClosed));
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Number_that_is_not_ours_waits(OrderStatus status, NotificationKind kind, string rule)
    {
        _ = (status, rule);

        // What is not about orders has no number to wait for.
        AssertDecided(kind == Unrelated ? Ignored : Deferred, kind == Unrelated ? "unrelated" : "unknown_order", None, null, Message(kind));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Message_that_fails_a_check_moves_nothing_in_any_cell(OrderStatus status, NotificationKind kind, string rule)
    {
        _ = rule;
        var usual = Usual(status, kind);
        var message = Message(kind);

        AssertDecided(Quarantined, "amount_mismatch", Flag, usual, message with { Amount = Amount - 1 });
        AssertDecided(Quarantined, "amount_mismatch", Flag, usual, message with { Amount = Amount + 1 });
        if (kind is not (PaymentPending or PaymentClosed))
        {
            AssertDecided(Quarantined, "amount_mismatch", Flag, usual, message with { Amount = null });
        }

        AssertDecided(Quarantined, "currency_mismatch", Flag, usual, message with { Currency = "USD" });
        AssertDecided(Quarantined, "currency_mismatch", Flag, usual, message with { Currency = "cny" });
        AssertDecided(Quarantined, "currency_mismatch", Flag, usual, message with { Currency = "" });
        AssertDecided(Quarantined, "app_mismatch", Flag, usual, message with { AppId = "another" });
        AssertDecided(Quarantined, "app_mismatch", Flag, usual, message with { AppId = "" });
        AssertDecided(Quarantined, "merchant_mismatch", Flag, usual, message with { MerchantId = "another" });
        AssertDecided(Quarantined, "merchant_mismatch", Flag, usual, message with { MerchantId = "" });
    }

    [Fact]
    public void First_failed_check_is_the_reason_and_all_are_traced()
    {
        var decision = PaymentStateMachine.Decide(
            Usual(Pending, PaymentSucceeded), Message(PaymentSucceeded) with { Amount = 1, Currency = "USD", AppId = "", MerchantId = "" });

        Assert.Equal("amount_mismatch", decision.Reason);
        Assert.Equal(
            [(TraceSteps.Order, true), (TraceSteps.Amount, false), (TraceSteps.Currency, false), (TraceSteps.App, false), (TraceSteps.Merchant, false), (TraceSteps.StateRule, false)],
            decision.Trace.Select(step => (step.Step, step.Ok)));
    }

    [Fact]
    public void What_a_kind_of_message_never_tells_is_not_held_against_it() => AssertDecided(
        Applied, "paid", new PaymentEffect.Pay(Late: false),
        Usual(Pending, PaymentSucceeded), Message(PaymentSucceeded) with { Currency = null, AppId = null, MerchantId = null });

    [Theory]
    [InlineData(PaymentPending)]
    [InlineData(PaymentClosed)]
    public void Amount_need_not_be_told_of_what_nobody_paid(NotificationKind kind)
    {
        var cell = Table.Single(row => row.Status == Pending && row.Kind == kind);

        AssertDecided(cell.Outcome, cell.Reason, cell.Effect, Usual(Pending, kind), Message(kind) with { Amount = null });
    }
}
