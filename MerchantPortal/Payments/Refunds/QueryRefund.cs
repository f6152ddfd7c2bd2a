using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>
/// Asks the gateway about a refund that is known by its number only, ours or one that was made in the gateway's own console, and takes the
/// signed answer through the same decision as a notification. "Cannot tell" changes nothing.
/// </summary>
public sealed class QueryRefund(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, PortalUrls urls, TimeProvider time)
{
    /// <param name="transactionId">The payment that it is told to give back; it must be on record.</param>
    /// <param name="amount">What it is told to give back, 分.</param>
    public async Task<QueryOutcome> ExecuteAsync(Guid attemptId, string transactionId, string refundNo, long amount, Actor actor, CancellationToken cancellationToken)
    {
        Payment? payment;
        string outTradeNo;
        await using (var db = contexts.CreateDbContext())
        {
            var attempt = await db.Attempts.Where(row => row.Id == attemptId).Select(row => new { row.OrderId, row.OutTradeNo }).SingleAsync(cancellationToken);
            payment = await db.Payments.AsNoTracking().SingleOrDefaultAsync(
                row => row.OrderId == attempt.OrderId && row.AttemptId == attemptId && row.StoreId == actor.StoreId && row.ChannelTransactionId == transactionId,
                cancellationToken);
            outTradeNo = attempt.OutTradeNo;
        }

        if (payment is null || await channels.FindAsync(payment.ChannelAccountId, cancellationToken) is not { Channel: IRefundingChannel refunding } account)
        {
            return new QueryOutcome.CannotTell(payment is null ? "Its payment is not on record." : "The channel has no way to ask about a refund.");
        }

        var request = new RefundRequest(
            outTradeNo, transactionId, refundNo, amount, payment.Amount, "", urls.Notify(account.Account.Channel, account.Account.Id));
        return await refunding.QueryRefundAsync(request, cancellationToken) switch
        {
            RefundResult.Told told => await writer.WriteAsync((db, ct) => ApplyAsync(db, account.Account, told, actor, ct), cancellationToken),
            RefundResult.NotFound => new QueryOutcome.NotAtGateway(),
            RefundResult.Processing => new QueryOutcome.CannotTell("The gateway is still working on it."),
            RefundResult.Unknown unknown => new QueryOutcome.CannotTell(unknown.Reason),
            RefundResult.Refused refused => new QueryOutcome.CannotTell(refused.Message),
            RefundResult.Postponed postponed => new QueryOutcome.CannotTell(postponed.Message),
            var result => throw new InvalidOperationException($"No outcome for {result}."),
        };
    }

    private async Task<QueryOutcome> ApplyAsync(PortalDbContext db, ChannelAccount account, RefundResult.Told told, Actor actor, CancellationToken cancellationToken)
    {
        var decision = await new RefundAnswer(db, account, actor, time.GetUtcNow()).DecideAsync(told, cancellationToken);
        return new QueryOutcome.Answered(told.Notification.Kind, decision.Outcome, decision.Reason);
    }
}
