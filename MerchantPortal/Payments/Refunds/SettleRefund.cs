using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>
/// Brings one refund a step further: sends it, or asks how it stands. The next try is planned before this one is made, so that
/// neither a crash nor a second instance leaves it alone or makes two of one. Whatever the gateway says passes through the same decision as a notification.
/// </summary>
public sealed class SettleRefund(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, PortalUrls urls, TimeProvider time)
{
    /// <returns>False when there was nothing to do, or somebody else was first.</returns>
    /// <exception cref="LeaseLostException">The job that did this is somebody else's by now; nothing more was written.</exception>
    public async Task<bool> ExecuteAsync(Guid refundId, Actor actor, SettleWish wish, CancellationToken cancellationToken)
    {
        if (await writer.WriteAsync((db, ct) => ClaimAsync(db, refundId, actor, wish, ct), cancellationToken) is not { } claimed)
        {
            return false;
        }

        var (account, request) = await ReadAsync(claimed, cancellationToken);
        var result = await AskAsync(account.Channel, claimed, request, cancellationToken);
        return await writer.WriteAsync(
            async (db, ct) =>
            {
                await RequireAsync(db, wish, ct);
                return await new RefundAnswer(db, account.Account, actor, time.GetUtcNow()).RecordAsync(refundId, result, ct);
            },
            cancellationToken);
    }

    private async Task<Refund?> ClaimAsync(PortalDbContext db, Guid refundId, Actor actor, SettleWish wish, CancellationToken cancellationToken)
    {
        await RequireAsync(db, wish, cancellationToken);
        var now = time.GetUtcNow();
        var refund = await db.Refunds.SingleOrDefaultAsync(row => row.Id == refundId && row.StoreId == actor.StoreId, cancellationToken);
        if (refund?.NextTryAt is not { } due || (due > now && !wish.Early))
        {
            return null;
        }

        refund.Tries++;
        refund.NextTryAt = RefundSchedule.Next(refund.Tries, now);
        return refund;
    }

    private async Task<(OpenAccount Account, RefundRequest Request)> ReadAsync(Refund refund, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var payment = await db.Payments.AsNoTracking().SingleAsync(row => row.Id == refund.PaymentId, cancellationToken);
        var outTradeNo = await db.Attempts.Where(row => row.Id == refund.AttemptId).Select(row => row.OutTradeNo).SingleAsync(cancellationToken);
        var account = await channels.FindAsync(refund.ChannelAccountId, cancellationToken)
            ?? throw new InvalidOperationException($"Channel account {refund.ChannelAccountId} has refunds but does not exist.");
        return (account, new RefundRequest(
            outTradeNo, payment.ChannelTransactionId, refund.RefundNo, refund.Amount, payment.Amount, refund.Reason, urls.Notify(account.Account.Channel, account.Account.Id)));
    }

    /// <summary>Whatever was sent before may have arrived: then the gateway is asked first, and the same number sent again only when it knows of none.</summary>
    internal static async Task<RefundResult> AskAsync(IPaymentChannel channel, Refund refund, RefundRequest request, CancellationToken cancellationToken)
    {
        if (channel is not IRefundingChannel refunding)
        {
            return new RefundResult.Refused(RefundFailures.NotOffered, "The channel has no way to refund by a call.");
        }

        if (refund.Tries > 1 && await refunding.QueryRefundAsync(request, cancellationToken) is not RefundResult.NotFound and var told)
        {
            return told;
        }

        var sent = await refunding.RefundAsync(request, cancellationToken);
        if (sent is not RefundResult.Refused)
        {
            return sent;
        }

        // A refusal frees the money for another refund, so it counts only when the gateway does not know this one.
        return await refunding.QueryRefundAsync(request, cancellationToken) is var asked && asked is RefundResult.NotFound or RefundResult.Refused ? sent : asked;
    }

    private static Task RequireAsync(PortalDbContext db, SettleWish wish, CancellationToken cancellationToken) =>
        wish.Held is { } held ? held.RequireAsync(db, cancellationToken) : Task.CompletedTask;
}

/// <param name="Early">A person asks now, whatever the plan says.</param>
/// <param name="Held">The lease of the job that does it; null for a person.</param>
public sealed record SettleWish(bool Early = false, HeldLease? Held = null);
