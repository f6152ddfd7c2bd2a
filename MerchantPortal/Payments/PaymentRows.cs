using MerchantPortal.Accounts;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Products;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>The tracked rows that one message is about.</summary>
/// <param name="SameTransaction">Money of this very gateway transaction; null when none is on record.</param>
/// <param name="Refund">The refund of ours that the message names; null when there is none.</param>
/// <param name="Returning">The money that a message of a refund is about; null for every other message, and when there is none.</param>
public sealed record PaymentRows(Order Order, PaymentAttempt Attempt, Payment? SameTransaction, Refund? Refund, ReturningMoney? Returning)
{
    /// <returns>Null when no attempt of the account has the message's number.</returns>
    public static async Task<PaymentRows?> FindAsync(
        PortalDbContext db, ChannelAccount account, VerifiedNotification message, CancellationToken cancellationToken)
    {
        var attempt = string.IsNullOrEmpty(message.OutTradeNo)
            ? await FindByRefundAsync(db, account, message.Refund?.RefundNo, cancellationToken)
            : await db.Attempts.SingleOrDefaultAsync(
                row => row.ChannelAccountId == account.Id && row.OutTradeNo == message.OutTradeNo, cancellationToken);
        if (attempt is null)
        {
            return null;
        }

        var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId, cancellationToken);
        var payment = string.IsNullOrEmpty(message.ChannelTransactionId)
            ? null
            : await db.Payments.SingleOrDefaultAsync(
                row => row.ChannelAccountId == account.Id && row.ChannelTransactionId == message.ChannelTransactionId, cancellationToken);
        if (message.Refund is not { } fact)
        {
            return new PaymentRows(order, attempt, payment, null, null);
        }

        var refund = await FindRefundAsync(db, attempt, fact, cancellationToken);
        return new PaymentRows(order, attempt, payment, refund, await ReturningMoney.FindAsync(db, attempt, payment, refund, cancellationToken));
    }

    public PaymentSnapshot Snapshot(ChannelAccount account) => new(
        Order.Status,
        Attempt.Status,
        Attempt.Amount,
        account.AppId,
        account.MerchantId,
        SameTransaction is null ? TransactionRecord.None
            : SameTransaction.AttemptId != Attempt.Id ? TransactionRecord.OtherAttempt
            : SameTransaction.IsSurplus ? TransactionRecord.Surplus
            : TransactionRecord.ThisAttempt,
        Returning?.Payment.Amount ?? 0,
        Returning?.Refunded ?? 0,
        Refund is null ? null : new RefundSnapshot(Refund.Status, Refund.Amount))
    {
        ReservedByOthers = Returning?.ReservedByOthers(Refund) ?? 0,
        LastOwnRefundAt = Returning?.LastOwnAt,
        RefundIsOfOtherMoney = Refund?.PaymentId is { } id && id != Returning?.Payment.Id,
        IsSurplus = Returning?.Payment.IsSurplus ?? false,
    };

    /// <summary>Turns a decision into rows, still in memory. The caller's commit makes them true, all or none.</summary>
    public Task ApplyAsync(
        PortalDbContext db, PaymentDecision decision, VerifiedNotification message, Actor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        decision.Effect switch
        {
            PaymentEffect.None => Task.CompletedTask,
            PaymentEffect.Pay pay => PayAsync(db, pay, message, actor, now, cancellationToken),
            PaymentEffect.RecordSurplus => RecordSurplusAsync(db, message, actor, now, cancellationToken),
            PaymentEffect.CloseAttempt => CloseAttemptAsync(db, actor, now, cancellationToken),
            PaymentEffect.Refund refund => new BookRefund(db, this, actor, now).SucceedAsync(refund.Amount, message, cancellationToken),
            PaymentEffect.SurplusRefund refund => new BookRefund(db, this, actor, now).SucceedAsync(refund.Amount, message, cancellationToken),
            PaymentEffect.RefundNotSettled unsettled => new BookRefund(db, this, actor, now).NotSettledAsync(unsettled.Status, cancellationToken),
            PaymentEffect.Flag => FlagAsync(db, decision.Reason, message, actor, now, cancellationToken),
            _ => throw new InvalidOperationException($"No rows for {decision.Effect}."),
        };

    /// <summary>A gateway that names a refund alone means one of ours; a refund that was made elsewhere cannot be found by its number.</summary>
    private static async Task<PaymentAttempt?> FindByRefundAsync(
        PortalDbContext db, ChannelAccount account, string? refundNo, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(refundNo)
            ? null
            : await db.Attempts.SingleOrDefaultAsync(
                row => db.Refunds.Any(refund => refund.ChannelAccountId == account.Id && refund.RefundNo == refundNo && refund.AttemptId == row.Id), cancellationToken);

    /// <summary>By its number alone: that a sum grew by just what we have asked for does not say that ours is the one.</summary>
    private static async Task<Refund?> FindRefundAsync(PortalDbContext db, PaymentAttempt attempt, RefundFact fact, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(fact.RefundNo)
            ? null
            : await db.Refunds.SingleOrDefaultAsync(row => row.AttemptId == attempt.Id && row.RefundNo == fact.RefundNo, cancellationToken);

    /// <summary>Makes attempt and order paid, in memory; the payment that it answers is still to be written.</summary>
    internal Payment MarkPaid(VerifiedNotification message, DateTimeOffset now)
    {
        var payment = NewPayment(message, isSurplus: false, now);
        Attempt.End(AttemptStatus.Paid, now);
        (Attempt.PaidAt, Attempt.ChannelTransactionId) = (payment.PaidAt, payment.ChannelTransactionId);
        (Order.Status, Order.PaidAmount, Order.PaidAt) = (OrderStatus.Paid, payment.Amount, payment.PaidAt);
        return payment;
    }

    /// <summary>The same for money that the order did not need.</summary>
    internal Payment MarkSurplus(VerifiedNotification message, DateTimeOffset now)
    {
        var payment = NewPayment(message, isSurplus: true, now);
        Attempt.End(AttemptStatus.Paid, now);
        Attempt.PaidAt = payment.PaidAt;
        Attempt.ChannelTransactionId ??= payment.ChannelTransactionId;
        Order.Flags |= OrderFlags.DuplicateMoney;
        return payment;
    }

    private async Task PayAsync(
        PortalDbContext db, PaymentEffect.Pay pay, VerifiedNotification message, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var payment = MarkPaid(message, now);
        db.Payments.Add(payment);
        await db.PostAsync(Posting.Of(payment), cancellationToken);
        if (message.OwesDeliveryReport)
        {
            db.DeliveryReports.Add(new DeliveryReport { AttemptId = Attempt.Id, StoreId = Order.StoreId, DeliveredAt = now, DueAt = now });
        }

        if (pay.Late)
        {
            Order.Flags |= OrderFlags.PaidLate;
            var taken = await StockHold.TakeAgainAsync(db, Order.Id, cancellationToken);
            Order.Flags |= taken ? OrderFlags.None : OrderFlags.NeedsReview;
            var finding = Finding(CaseKind.LateMoney, payment);
            finding.Data?.Add(LateMoney.Stock, taken ? LateMoney.Taken : LateMoney.Gone);
            await db.OpenCaseAsync(finding, now, cancellationToken);
        }

        await db.RecordAsync(Order, pay.Late ? TimelineKind.PaymentReceivedLate : TimelineKind.PaymentReceived, actor, now, cancellationToken, MoneyData(payment));
    }

    private async Task RecordSurplusAsync(PortalDbContext db, VerifiedNotification message, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var payment = MarkSurplus(message, now);
        db.Payments.Add(payment);
        await db.PostAsync(Posting.Of(payment), cancellationToken);
        await db.OpenCaseAsync(Finding(CaseKind.DuplicateMoney, payment), now, cancellationToken);
        await db.RecordAsync(Order, TimelineKind.DuplicateMoneyReceived, actor, now, cancellationToken, MoneyData(payment));
    }

    private Task CloseAttemptAsync(PortalDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Attempt.End(AttemptStatus.Closed, now);
        return db.RecordAsync(Order, TimelineKind.AttemptClosed, actor, now, cancellationToken, AttemptData());
    }

    private async Task FlagAsync(
        PortalDbContext db, string reason, VerifiedNotification message, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kind = reason != DecisionReasons.AmountMismatch || message.Amount is null ? CaseKind.Contradiction
            : message.Amount < Attempt.Amount ? CaseKind.ShortMoney
            : CaseKind.OverMoney;
        var data = new Dictionary<string, string> { ["reason"] = reason, ["out_trade_no"] = Attempt.OutTradeNo };
        var finding = new CaseFinding(Order.StoreId, kind, $"{Attempt.OutTradeNo}:{reason}", message.Amount, data) { OrderId = Order.Id };
        // A gateway repeats itself, and so do questions: the same finding is told once.
        if (await db.IsKnownCaseAsync(finding, cancellationToken))
        {
            return;
        }

        Order.Flags |= OrderFlags.NeedsReview;
        await db.OpenCaseAsync(finding, now, cancellationToken);
        await db.RecordAsync(Order, TimelineKind.CallbackQuarantined, actor, now, cancellationToken, data);
    }

    private Payment NewPayment(VerifiedNotification message, bool isSurplus, DateTimeOffset now) => new()
    {
        // Ranges of time are ranges of ids.
        Id = Guid.CreateVersion7(now),
        StoreId = Order.StoreId,
        OrderId = Order.Id,
        AttemptId = Attempt.Id,
        ChannelAccountId = Attempt.ChannelAccountId,
        ChannelTransactionId = message.ChannelTransactionId ?? throw new InvalidOperationException("Money without a transaction id."),
        Amount = Attempt.Amount,
        IsSurplus = isSurplus,
        FoundBy = message.Source,
        PayerMasked = message.PayerMasked,
        PaidAt = message.OccurredAt ?? now,
        RecordedAt = now,
    };

    private CaseFinding Finding(CaseKind kind, Payment payment) =>
        new(Order.StoreId, kind, payment.ChannelTransactionId, payment.Amount, MoneyData(payment)) { OrderId = Order.Id, PaymentId = payment.Id };

    internal Dictionary<string, string> MoneyData(Payment payment)
    {
        var data = new Dictionary<string, string>(AttemptData()) { ["amount"] = Money.Display(payment.Amount), ["transaction_id"] = payment.ChannelTransactionId };
        if (payment.FoundBy == NotificationSource.Query)
        {
            data["found_by"] = "query";
        }

        return data;
    }

    private Dictionary<string, string> AttemptData() => new() { ["out_trade_no"] = Attempt.OutTradeNo };
}
