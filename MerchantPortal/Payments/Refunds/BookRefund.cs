using MerchantPortal.Accounts;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Turns what became of a refund into rows, still in memory. The caller's commit makes them true, all or none.</summary>
internal sealed class BookRefund(PortalDbContext db, PaymentRows rows, Actor actor, DateTimeOffset now)
{
    private readonly RefundMarks _marks = new(rows, now);

    private Order Order => rows.Order;

    private Payment Money => _marks.Money;

    /// <summary>What a case of a refund is about.</summary>
    public static string SubjectOf(Refund refund) => $"{refund.RefundNo}:{refund.ChannelAccountId:N}";

    /// <summary>The money is back at the buyer.</summary>
    public async Task SucceedAsync(long amount, VerifiedNotification message, CancellationToken cancellationToken)
    {
        var refund = _marks.Succeed(amount, message);
        if (rows.Refund is null)
        {
            db.Refunds.Add(refund);
        }

        await db.PostAsync(Posting.Of(refund, Money.IsSurplus, now), cancellationToken);
        await SettleCasesAsync(refund, amount, cancellationToken);
        await RecordAsync(Money.IsSurplus ? TimelineKind.SurplusRefunded : TimelineKind.RefundSucceeded, refund, cancellationToken);
    }

    /// <summary>The gateway says that the money has not moved (yet).</summary>
    public async Task NotSettledAsync(RefundStatus status, CancellationToken cancellationToken)
    {
        var refund = _marks.NotSettle(status);
        await OpenCaseAsync(refund, cancellationToken);
        Order.Flags |= OrderFlags.NeedsReview;
        await RecordAsync(TimelineKind.RefundNotSettled, refund, cancellationToken, ("status", status.ToString()));
    }

    /// <summary>The gateway knows of no such refund and will not make it: the money can be given back another time.</summary>
    public async Task FailAsync(string code, string message, CancellationToken cancellationToken)
    {
        var refund = _marks.Fail(code, message);
        await OpenCaseAsync(refund, cancellationToken);
        Order.Flags |= OrderFlags.NeedsReview;
        await RecordAsync(TimelineKind.RefundFailed, refund, cancellationToken, ("reason", $"{code}: {message}"));
    }

    /// <summary>The gateway would make it, but not now; it is tried again under the same number.</summary>
    public async Task PostponeAsync(string code, string message, CancellationToken cancellationToken)
    {
        var refund = _marks.Known;
        var isNews = refund.FailureCode != code;
        RefundMarks.Describe(refund, code, message);
        if (isNews)
        {
            await OpenCaseAsync(refund, cancellationToken);
            await RecordAsync(TimelineKind.RefundPostponed, refund, cancellationToken, ("reason", $"{code}: {message}"));
        }
    }

    /// <summary>The gateway has taken it and will pay it out.</summary>
    public Task AcceptAsync(string? channelRefundId, CancellationToken cancellationToken) =>
        RecordAsync(TimelineKind.RefundAccepted, _marks.Accept(channelRefundId), cancellationToken);

    public Task OpenCaseAsync(Refund refund, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string> { ["refund_no"] = refund.RefundNo, ["reason"] = refund.FailureCode ?? "", ["message"] = refund.FailureReason ?? "" };
        var finding = new CaseFinding(Order.StoreId, CaseKind.RefundFailed, SubjectOf(refund), refund.Amount, data)
        {
            OrderId = Order.Id,
            PaymentId = refund.PaymentId,
            RefundId = refund.Id,
        };
        return db.OpenCaseAsync(finding, now, cancellationToken);
    }

    private Task RecordAsync(TimelineKind kind, Refund refund, CancellationToken cancellationToken, params (string Name, string Value)[] more)
    {
        var data = new Dictionary<string, string> { ["refund_no"] = refund.RefundNo, ["amount"] = MerchantPortal.Money.Display(refund.Amount) };
        foreach (var (name, value) in more)
        {
            data[name] = value;
        }

        return db.RecordAsync(Order, kind, actor, now, cancellationToken, data);
    }

    private async Task SettleCasesAsync(Refund refund, long amount, CancellationToken cancellationToken)
    {
        await db.SettleCaseAsync(Order.StoreId, CaseKind.RefundFailed, SubjectOf(refund), CaseResolution.Refunded, now, cancellationToken);
        if (rows.Returning?.Refunded + amount == Money.Amount)
        {
            var kind = Money.IsSurplus ? CaseKind.DuplicateMoney : CaseKind.LateMoney;
            await db.SettleCaseAsync(Order.StoreId, kind, Money.ChannelTransactionId, CaseResolution.Refunded, now, cancellationToken);
        }

        if (Money.IsSurplus)
        {
            await ClearDuplicateMoneyAsync(amount, cancellationToken);
        }

        // Tracked rows: those that were settled just now count as settled.
        if (!(await db.Cases.Where(row => row.OrderId == Order.Id).ToListAsync(cancellationToken)).Exists(row => row.Status == CaseStatus.Open))
        {
            Order.Flags &= ~OrderFlags.NeedsReview;
        }
    }

    /// <summary>The flag says that money is here which is not ours. A person who resolves a case has not moved any.</summary>
    private async Task ClearDuplicateMoneyAsync(long amount, CancellationToken cancellationToken)
    {
        var surplus = await db.Payments.Where(row => row.OrderId == Order.Id && row.IsSurplus).SumAsync(row => row.Amount, cancellationToken);
        var returned = await db.Refunds.Where(row => row.OrderId == Order.Id && row.Status == RefundStatus.Succeeded
            && db.Payments.Any(payment => payment.Id == row.PaymentId && payment.IsSurplus)).SumAsync(row => row.Amount, cancellationToken);
        if (returned + amount == surplus)
        {
            Order.Flags &= ~OrderFlags.DuplicateMoney;
        }
    }
}
