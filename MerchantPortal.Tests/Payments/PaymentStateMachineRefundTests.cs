using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Orders.OrderStatus;
using static MerchantPortal.Payments.Notifications.CallbackStatus;
using static MerchantPortal.Payments.Notifications.NotificationKind;
using static MerchantPortal.Tests.Payments.PaymentCases;

namespace MerchantPortal.Tests.Payments;

public sealed class PaymentStateMachineRefundTests
{
    [Fact]
    public void A_refund_that_omits_the_total_is_judged_by_its_own_amount()
    {
        var message = Message(RefundSucceeded) with { Amount = null, OmitsTotal = true };

        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), Usual(Paid, RefundSucceeded), message);
        AssertDecided(Quarantined, "amount_mismatch", Flag, Usual(Paid, RefundSucceeded), message with { OmitsTotal = false });
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
    [InlineData(RefundSucceeded)]
    [InlineData(RefundAbnormal)]
    [InlineData(RefundClosed)]
    public void Refund_of_ours_that_names_other_money_is_shown_to_a_person(NotificationKind kind) => AssertDecided(
        Quarantined, "transaction_reused", Flag,
        Usual(Paid, kind) with { Refund = new RefundSnapshot(RefundStatus.Processing, 1000), RefundIsOfOtherMoney = true }, Message(kind));

    [Fact]
    public void A_sum_waits_for_refunds_of_ours_that_it_may_hold_already()
    {
        var message = Message(RefundSucceeded) with { Refund = new("CONSOLE-1", null, null, 1500) };
        var underWay = Usual(Paid, RefundSucceeded) with { ReservedByOthers = 500 };

        AssertDecided(Deferred, "refund_waits", None, underWay, message);
        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), underWay with { ReservedByOthers = 0, Refunded = 500 }, message);
        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), underWay, message with { Refund = new("CONSOLE-1", null, 1000, null) });
    }

    [Theory]
    [InlineData(-3600, 1500L, Applied, 1000L)]
    [InlineData(-11, 1500L, Applied, 1000L)]
    [InlineData(-10, 1500L, Deferred, 0L)]
    [InlineData(60, 1500L, Deferred, 0L)]
    [InlineData(60, 500L, Deferred, 0L)]
    [InlineData(60, Amount, Applied, Amount - 500)]
    public void A_sum_is_no_word_of_what_came_after_it_unless_it_is_the_whole_payment(int ownLaterBySeconds, long sum, CallbackStatus outcome, long amount)
    {
        var at = new DateTimeOffset(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);
        var withOurs = Usual(PartiallyRefunded, RefundSucceeded) with { Refunded = 500, LastOwnRefundAt = at.AddSeconds(ownLaterBySeconds) };
        var message = Message(RefundSucceeded) with { OccurredAt = at, Refund = new("CONSOLE-1", null, null, sum) };

        AssertDecided(outcome, outcome == Applied ? "refunded" : "refund_waits", outcome == Applied ? new PaymentEffect.Refund(amount) : None, withOurs, message);
    }

    [Fact]
    public void What_is_a_part_of_money_that_is_all_back_is_no_more_money()
    {
        var back = Usual(Refunded, RefundSucceeded) with { Refunded = Amount };
        var message = Message(RefundSucceeded) with { Refund = new("CONSOLE-1", null, 1000, 1500) };

        AssertDecided(Duplicate, "already_applied", None, back, message);
        AssertDecided(Quarantined, "refund_too_large", Flag, back, message with { Refund = new("CONSOLE-1", null, 1000, Amount + 1) });
        AssertDecided(Quarantined, "refund_too_large", Flag, back, message with { Refund = new("CONSOLE-1", null, 1000, null) });
    }

    [Fact]
    public void A_sum_without_a_time_says_nothing_where_refunds_of_ours_are_among_it() => AssertDecided(
        Deferred, "refund_waits", None,
        Usual(PartiallyRefunded, RefundSucceeded) with { Refunded = 500, LastOwnRefundAt = DateTimeOffset.UnixEpoch },
        Message(RefundSucceeded) with { OccurredAt = null, Refund = new("CONSOLE-1", null, null, 1500) });

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

    [Theory]
    [InlineData(Paid)]
    [InlineData(PartiallyRefunded)]
    [InlineData(Refunded)]
    public void Giving_surplus_back_leaves_the_order_as_it_is(OrderStatus status)
    {
        var surplus = Usual(status, RefundSucceeded) with { Transaction = TransactionRecord.Surplus, IsSurplus = true, Refunded = 0 };

        AssertDecided(Applied, "surplus_refunded", new PaymentEffect.SurplusRefund(1000), surplus, Message(RefundSucceeded));
        AssertDecided(
            Applied, "surplus_refunded", new PaymentEffect.SurplusRefund(1000), surplus with { Transaction = TransactionRecord.None }, Message(RefundSucceeded) with { ChannelTransactionId = null });
        AssertDecided(Quarantined, "refund_too_large", Flag, surplus with { Refunded = Amount - 999 }, Message(RefundSucceeded));
    }

    [Theory]
    [InlineData(RefundStatus.Requested)]
    [InlineData(RefundStatus.Processing)]
    [InlineData(RefundStatus.Abnormal)]
    [InlineData(RefundStatus.Failed)]
    [InlineData(RefundStatus.Closed)]
    public void Money_that_moved_after_all_is_booked_whatever_was_thought_of_the_refund(RefundStatus status) => AssertDecided(
        Applied, "refunded", new PaymentEffect.Refund(1000), Usual(Paid, RefundSucceeded) with { Refund = new(status, 1000) }, Message(RefundSucceeded));

    [Fact]
    public void Refund_for_which_others_leave_no_room_waits_until_they_have_settled()
    {
        var crowded = Usual(Paid, RefundSucceeded) with { ReservedByOthers = Amount - 999 };

        AssertDecided(Deferred, "refund_waits", None, crowded, Message(RefundSucceeded));
        AssertDecided(Deferred, "refund_waits", None, crowded with { Refund = new(RefundStatus.Closed, 1000) }, Message(RefundSucceeded));
        AssertDecided(Applied, "refunded", new PaymentEffect.Refund(1000), crowded with { ReservedByOthers = Amount - 1000 }, Message(RefundSucceeded));
        AssertDecided(Deferred, "refund_waits", None, crowded with { Refund = new(RefundStatus.Failed, 1000) }, Message(RefundAbnormal));
    }

    [Theory]
    [InlineData(RefundStatus.Requested, RefundAbnormal, Applied)]
    [InlineData(RefundStatus.Processing, RefundAbnormal, Applied)]
    [InlineData(RefundStatus.Abnormal, RefundAbnormal, Duplicate)]
    [InlineData(RefundStatus.Failed, RefundAbnormal, Applied)]
    [InlineData(RefundStatus.Closed, RefundAbnormal, Duplicate)]
    [InlineData(RefundStatus.Succeeded, RefundAbnormal, Duplicate)]
    [InlineData(RefundStatus.Requested, RefundClosed, Applied)]
    [InlineData(RefundStatus.Processing, RefundClosed, Applied)]
    [InlineData(RefundStatus.Abnormal, RefundClosed, Applied)]
    [InlineData(RefundStatus.Failed, RefundClosed, Applied)]
    [InlineData(RefundStatus.Closed, RefundClosed, Duplicate)]
    [InlineData(RefundStatus.Succeeded, RefundClosed, Duplicate)]
    public void Stuck_gives_way_to_closed_and_nothing_undoes_money_that_moved(RefundStatus known, NotificationKind kind, CallbackStatus outcome) => AssertDecided(
        outcome,
        outcome == Applied ? "refund_not_settled" : "already_applied",
        outcome == Applied ? new PaymentEffect.RefundNotSettled(kind == RefundClosed ? RefundStatus.Closed : RefundStatus.Abnormal) : None,
        Usual(Paid, kind) with { Refund = new(known, 1000) },
        Message(kind));

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
}
