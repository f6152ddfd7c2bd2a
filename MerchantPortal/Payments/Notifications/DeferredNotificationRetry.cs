using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Tries deferred callbacks again when they are due, and as soon as the order is there that they wait for: money must not wait for the
/// gateway's next call.
/// </summary>
public sealed partial class DeferredNotificationRetry(
    IDbContextFactory<PortalDbContext> contexts, RetryNotification retry, TimeProvider time, ILogger<DeferredNotificationRetry> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a callback that was quicker than its order is looked after outside of its schedule.</summary>
    private static readonly TimeSpan OrderMayFollow = TimeSpan.FromMinutes(10);

    /// <summary>Processes everything that is due now. One that fails does not stop the others.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        List<DueEntry> due;
        await using (var db = contexts.CreateDbContext())
        {
            var now = time.GetUtcNow();
            var recent = now - OrderMayFollow;
            due = await db.Inbox
                .Where(row => row.RetryAt != null && (row.RetryAt <= now || (row.Reason == DecisionReasons.UnknownOrder && row.ReceivedAt > recent
                    && db.Attempts.Any(attempt => attempt.ChannelAccountId == row.ChannelAccountId && attempt.OutTradeNo == row.OutTradeNo))))
                .OrderBy(row => row.RetryAt).Select(row => new DueEntry(row.Id, row.StoreId)).Take(100).ToListAsync(cancellationToken);
        }

        foreach (var entry in due)
        {
            try
            {
                await retry.ExecuteAsync(entry.Id, Actor.System(entry.StoreId), cancellationToken);
            }
            catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
            {
                Log.EntryFailed(logger, entry.Id, exception);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, RunOnceAsync, exception => Log.Failed(logger, exception), stoppingToken);

    private sealed record DueEntry(Guid Id, Guid StoreId);

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Error, "Retrying deferred callbacks failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2011, LogLevel.Error, "Callback {CaptureId} could not be retried, nor could that be recorded")]
        public static partial void EntryFailed(ILogger logger, Guid captureId, Exception exception);
    }
}
