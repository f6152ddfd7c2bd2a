using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Tries deferred callbacks again when they are due: money must not wait for the gateway's next call.</summary>
public sealed partial class DeferredNotificationRetry(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, NotificationProcessor processor,
    TimeProvider time, ILogger<DeferredNotificationRetry> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Processes everything that is due now.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Guid> due;
        await using (var db = contexts.CreateDbContext())
        {
            var now = time.GetUtcNow();
            due = await db.Inbox.Where(row => row.RetryAt != null && row.RetryAt <= now).OrderBy(row => row.RetryAt)
                .Select(row => row.Id).Take(100).ToListAsync(cancellationToken);
        }

        foreach (var id in due)
        {
            await writer.WriteAsync((db, ct) => RetryAsync(db, id, ct), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private async Task<bool> RetryAsync(PortalDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var entry = await db.Inbox.SingleAsync(row => row.Id == id, cancellationToken);
        if (entry.RetryAt is null || await channels.FindAsync(entry.ChannelAccountId, cancellationToken) is not { } account)
        {
            return false;
        }

        var outcome = await processor.ReprocessAsync(db, entry, account, Actor.System(entry.StoreId), null, cancellationToken);
        if (outcome == CallbackStatus.Deferred && entry.RetryAt is null)
        {
            // Tried often enough: from here on a person must look.
            entry.Status = CallbackStatus.Quarantined;
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Error, "Retrying deferred callbacks failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
