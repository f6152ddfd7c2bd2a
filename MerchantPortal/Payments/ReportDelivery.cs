using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Tells a gateway once more that the buyer has what was paid for. The next try is planned before this one is made, so that neither a
/// crash nor a second instance makes two of one.
/// </summary>
public sealed class ReportDelivery(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, TimeProvider time)
{
    /// <returns>False when somebody else was first, or there is nothing to do.</returns>
    public async Task<bool> ExecuteAsync(Guid attemptId, Guid storeId, CancellationToken cancellationToken)
    {
        if (!await writer.WriteAsync((db, ct) => ClaimAsync(db, attemptId, ct), cancellationToken))
        {
            return false;
        }

        var (account, payment) = await ReadAsync(attemptId, cancellationToken);
        var result = account.Channel is IDeliveryReporting channel
            ? await channel.ReportDeliveryAsync(payment, cancellationToken)
            : new DeliveryReportResult.Refused("The account's channel takes no such report.");
        return await writer.WriteAsync((db, ct) => RecordAsync(db, attemptId, result, Actor.System(storeId), ct), cancellationToken);
    }

    private async Task<bool> ClaimAsync(PortalDbContext db, Guid attemptId, CancellationToken cancellationToken)
    {
        var report = await db.DeliveryReports.SingleAsync(row => row.AttemptId == attemptId, cancellationToken);
        var now = time.GetUtcNow();
        if (report.DueAt is null || report.DueAt > now)
        {
            return false;
        }

        report.Attempts++;
        // The last try has no next one; should the process die in it, a far one does no harm.
        report.DueAt = RetrySchedule.Next(report.Attempts, now) ?? now.AddDays(1);
        return true;
    }

    private async Task<(OpenAccount Account, DeliveredPayment Payment)> ReadAsync(Guid attemptId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var report = await db.DeliveryReports.AsNoTracking().SingleAsync(row => row.AttemptId == attemptId, cancellationToken);
        var attempt = await db.Attempts.AsNoTracking().SingleAsync(row => row.Id == attemptId, cancellationToken);
        // Only what was proven stands in the inbox.
        var entry = await db.Inbox.AsNoTracking()
            .Where(row => row.OrderId == attempt.OrderId && row.OutTradeNo == attempt.OutTradeNo && row.ChannelAccountId == attempt.ChannelAccountId
                && row.ChannelTransactionId == attempt.ChannelTransactionId)
            .OrderBy(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return (
            await channels.FindAsync(attempt.ChannelAccountId, cancellationToken)
                ?? throw new InvalidOperationException($"Channel account {attempt.ChannelAccountId} has attempts but does not exist."),
            new DeliveredPayment(attempt.OutTradeNo, attempt.ChannelTransactionId ?? "", report.DeliveredAt, entry?.ToRaw()));
    }

    private async Task<bool> RecordAsync(
        PortalDbContext db, Guid attemptId, DeliveryReportResult result, Actor actor, CancellationToken cancellationToken)
    {
        var report = await db.DeliveryReports.SingleAsync(row => row.AttemptId == attemptId, cancellationToken);
        var now = time.GetUtcNow();
        if (result is DeliveryReportResult.Unknown && RetrySchedule.Next(report.Attempts, now) is not null)
        {
            return false;
        }

        report.DueAt = null;
        report.ReportedAt = result is DeliveryReportResult.Accepted ? now : null;
        var attempt = await db.Attempts.SingleAsync(row => row.Id == attemptId, cancellationToken);
        var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId, cancellationToken);
        await db.RecordAsync(order, KindOf(result), actor, now, cancellationToken, DataOf(attempt, result));
        return true;
    }

    private static TimelineKind KindOf(DeliveryReportResult result) =>
        result is DeliveryReportResult.Accepted ? TimelineKind.DeliveryReported : TimelineKind.DeliveryNotReported;

    private static Dictionary<string, string> DataOf(PaymentAttempt attempt, DeliveryReportResult result)
    {
        var data = new Dictionary<string, string> { ["out_trade_no"] = attempt.OutTradeNo };
        if (result is DeliveryReportResult.Refused { Reason: var no })
        {
            data["reason"] = no;
        }
        else if (result is DeliveryReportResult.Unknown { Reason: var unclear })
        {
            data["reason"] = unclear;
        }

        return data;
    }
}
