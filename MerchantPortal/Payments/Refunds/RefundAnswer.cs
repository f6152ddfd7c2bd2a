using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Writes down what a gateway has answered about a refund, inside the caller's transaction.</summary>
internal sealed class RefundAnswer(PortalDbContext db, ChannelAccount account, Actor actor, DateTimeOffset now)
{
    /// <returns>True when the refund has come further.</returns>
    public async Task<bool> RecordAsync(Guid refundId, RefundResult result, CancellationToken cancellationToken)
    {
        var refund = await db.Refunds.SingleAsync(row => row.Id == refundId, cancellationToken);
        if (result is RefundResult.Told told)
        {
            return (await DecideAsync(told, cancellationToken)).Effect is not PaymentEffect.None;
        }

        if (refund.Status == RefundStatus.Failed && result is RefundResult.Processing)
        {
            new RefundMarks(await RowsAsync(refund, cancellationToken), now).FollowAfterAll();
            return false;
        }

        // A notification was quicker and has ended it.
        if (refund.Status is RefundStatus.Succeeded or RefundStatus.Failed or RefundStatus.Closed)
        {
            return false;
        }

        var book = new BookRefund(db, await RowsAsync(refund, cancellationToken), actor, now);
        switch (result)
        {
            case RefundResult.Processing processing:
                return await AcceptAsync(book, refund, processing, cancellationToken);
            case RefundResult.Refused refused:
                await book.FailAsync(refused.Code, refused.Message, cancellationToken);
                return true;
            case RefundResult.Postponed postponed:
                await book.PostponeAsync(postponed.Code, postponed.Message, cancellationToken);
                return false;
            case RefundResult.Unknown unknown:
                await DoubtAsync(book, refund, unknown.Reason, cancellationToken);
                return false;
            case RefundResult.NotFound:
                await DoubtAsync(book, refund, "The gateway does not know the refund.", cancellationToken);
                return false;
            default:
                throw new InvalidOperationException($"No rows for {result}.");
        }
    }

    /// <summary>The same decision as for a notification, and its rows.</summary>
    public async Task<PaymentDecision> DecideAsync(RefundResult.Told told, CancellationToken cancellationToken)
    {
        var rows = await PaymentRows.FindAsync(db, account, told.Notification, cancellationToken);
        var decision = PaymentStateMachine.Decide(rows?.Snapshot(account), told.Notification);
        if (rows is not null)
        {
            await rows.ApplyAsync(db, decision, told.Notification, actor, now, cancellationToken);
        }

        return decision;
    }

    private static async Task<bool> AcceptAsync(BookRefund book, Refund refund, RefundResult.Processing processing, CancellationToken cancellationToken)
    {
        if (refund.Status != RefundStatus.Requested)
        {
            return false;
        }

        await book.AcceptAsync(processing.ChannelRefundId, cancellationToken);
        return true;
    }

    /// <summary>Nothing is known; after some tries a person is told.</summary>
    private static Task DoubtAsync(BookRefund book, Refund refund, string reason, CancellationToken cancellationToken)
    {
        if (refund.Status == RefundStatus.Requested)
        {
            RefundMarks.Describe(refund, RefundFailures.Unclear, reason);
        }

        return refund.Tries == RefundSchedule.TriesUntilCase ? book.OpenCaseAsync(refund, cancellationToken) : Task.CompletedTask;
    }

    private async Task<PaymentRows> RowsAsync(Refund refund, CancellationToken cancellationToken)
    {
        var attempt = await db.Attempts.SingleAsync(row => row.Id == refund.AttemptId, cancellationToken);
        var order = await db.Orders.SingleAsync(row => row.Id == refund.OrderId, cancellationToken);
        var money = await ReturningMoney.FindAsync(db, attempt, null, refund, cancellationToken);
        return new PaymentRows(order, attempt, null, refund, money);
    }
}
