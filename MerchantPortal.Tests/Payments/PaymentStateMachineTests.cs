using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Orders.OrderStatus;
using static MerchantPortal.Payments.Notifications.CallbackStatus;
using static MerchantPortal.Payments.Notifications.NotificationKind;

namespace MerchantPortal.Tests.Payments;

public sealed class PaymentStateMachineTests
{
    private const long Amount = 12340;

    private static readonly PaymentEffect None = new PaymentEffect.None();
    private static readonly PaymentEffect Flag = new PaymentEffect.Flag();

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

    [Fact]
    public void A_refund_that_omits_the_total_is_judged_by_its_own_amount()
    {
        var message = Message(RefundSucceeded) with { Amount = null, OmitsTotal = true };

        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), Usual(Paid, RefundSucceeded), message);
        AssertDecided(Quarantined, "amount_mismatch", Flag, Usual(Paid, RefundSucceeded), message with { OmitsTotal = false });
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

    [Fact]
    public void Refund_of_money_that_is_unheard_of_waits()
    {
        var unheard = Usual(Paid, RefundSucceeded) with { Transaction = TransactionRecord.None };

        AssertDecided(Deferred, "refund_before_payment", None, unheard, Message(RefundSucceeded));
        AssertDecided(Deferred, "refund_before_payment", None, unheard with { AttemptStatus = AttemptStatus.Prompted }, Message(RefundSucceeded));
        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), unheard, Message(RefundSucceeded) with { ChannelTransactionId = null });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Refund_without_a_number_counts_by_the_sum_only(string? number)
    {
        var message = Message(RefundSucceeded);
        var partly = Usual(PartiallyRefunded, RefundSucceeded);

        AssertDecided(Quarantined, "refund_unreadable", Flag, partly, message with { Refund = new(number, null, 1000, null) });
        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(500), partly, message with { Refund = new(number, null, 1000, 2500) });
        AssertDecided(Duplicate, "already_applied", None, partly, message with { Refund = new(number, null, 1000, 2000) });
    }

    [Fact]
    public void Giving_surplus_back_leaves_the_order_paid() => AssertDecided(
        Quarantined, "surplus_refunded", Flag, Usual(Paid, RefundSucceeded) with { Transaction = TransactionRecord.Surplus }, Message(RefundSucceeded));

    [Fact]
    public void Refund_of_another_attempts_transaction_is_shown_to_a_person() => AssertDecided(
        Quarantined, "transaction_reused", Flag, Usual(Paid, RefundSucceeded) with { Transaction = TransactionRecord.OtherAttempt }, Message(RefundSucceeded));

    [Fact]
    public void Refund_that_settled_before_is_a_duplicate() => AssertDecided(
        Duplicate, "already_applied", None,
        Usual(PartiallyRefunded, RefundSucceeded) with { Refund = new(RefundStatus.Succeeded, 1000) }, Message(RefundSucceeded));

    [Fact]
    public void Refund_without_an_amount_is_shown_to_a_person()
    {
        AssertDecided(Quarantined, "refund_unreadable", Flag, Usual(Paid, RefundSucceeded), Message(RefundSucceeded) with { Refund = null });
        AssertDecided(Quarantined, "refund_unreadable", Flag, Usual(Paid, RefundSucceeded), Refunding(null, null));
    }

    [Theory]
    [InlineData(null, 12340L, 0L, Applied, 12340L)]
    [InlineData(null, 3000L, 1000L, Applied, 2000L)]
    [InlineData(null, 1000L, 1000L, Duplicate, 0L)]
    [InlineData(null, 500L, 1000L, Duplicate, 0L)]
    [InlineData(null, 12341L, 0L, Quarantined, 0L)]
    [InlineData(0L, null, 0L, Duplicate, 0L)]
    [InlineData(12340L, null, 0L, Applied, 12340L)]
    [InlineData(12341L, null, 0L, Quarantined, 0L)]
    [InlineData(12340L, null, 1L, Quarantined, 0L)]
    [InlineData(long.MaxValue, null, 0L, Quarantined, 0L)]
    public void Foreign_refund_is_what_is_told_less_what_is_known(long? own, long? total, long refunded, CallbackStatus outcome, long amount)
    {
        var snapshot = Usual(Paid, RefundSucceeded) with { Refunded = refunded };

        var decision = PaymentStateMachine.Decide(snapshot, Refunding(own, total));

        Assert.Equal(outcome, decision.Outcome);
        Assert.Equal(outcome == Applied ? amount : null, (decision.Effect as PaymentEffect.Refund)?.Amount);
    }

    [Theory]
    [InlineData(null, 3000L, 1000L, Applied)]
    [InlineData(null, 2000L, 0L, Applied)]
    [InlineData(null, 3000L, 0L, Applied)]
    [InlineData(null, 2000L, 1000L, Applied)]
    [InlineData(2000L, null, 0L, Applied)]
    [InlineData(1999L, null, 0L, Quarantined)]
    [InlineData(null, 1999L, 0L, Quarantined)]
    [InlineData(2000L, null, 11000L, Quarantined)]
    public void Refund_of_ours_has_the_amount_that_we_asked_for_in_any_order_of_arrival(long? own, long? total, long refunded, CallbackStatus outcome)
    {
        var snapshot = Usual(Paid, RefundSucceeded) with { Refunded = refunded, Refund = new(RefundStatus.Processing, 2000) };

        var decision = PaymentStateMachine.Decide(snapshot, Refunding(own, total));

        Assert.Equal(outcome, decision.Outcome);
        Assert.Equal(outcome == Applied ? 2000 : null, (decision.Effect as PaymentEffect.Refund)?.Amount);
    }

    [Theory]
    [InlineData(RefundAbnormal, RefundStatus.Abnormal)]
    [InlineData(RefundClosed, RefundStatus.Closed)]
    public void Refund_that_did_not_settle_is_told_once_and_never_undoes_one_that_did(NotificationKind kind, RefundStatus status)
    {
        var usual = Usual(Paid, kind);

        AssertDecided(Duplicate, "already_applied", None, usual with { Refund = new(status, 1000) }, Message(kind));
        AssertDecided(Duplicate, "already_applied", None, usual with { Refund = new(RefundStatus.Succeeded, 1000) }, Message(kind));
        AssertDecided(Quarantined, "refund_unreadable", Flag, usual with { Refund = null }, Message(kind));
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

    private static void AssertDecided(
        CallbackStatus outcome, string reason, PaymentEffect effect, PaymentSnapshot? snapshot, VerifiedNotification message)
    {
        var decision = PaymentStateMachine.Decide(snapshot, message);
        Assert.Equal((outcome, reason, effect), (decision.Outcome, decision.Reason, decision.Effect));
    }

    /// <summary>How things usually stand when such a message comes: money is new, a refund is of the money that paid, closing is of an open attempt.</summary>
    private static PaymentSnapshot Usual(OrderStatus status, NotificationKind kind)
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

    private static VerifiedNotification Message(NotificationKind kind) => new()
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

    private static VerifiedNotification Refunding(long? own, long? total) =>
        Message(RefundSucceeded) with { Refund = new RefundFact("RF1", null, own, total) };
}
