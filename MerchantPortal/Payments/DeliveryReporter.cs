using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>Sends the delivery reports that are due, and tries again what a gateway could not take.</summary>
public sealed partial class DeliveryReporter(
    IDbContextFactory<PortalDbContext> contexts, ReportDelivery report, TimeProvider time, ILogger<DeliveryReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Makes every try that is due now. One that fails does not stop the others.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        List<DueReport> due;
        await using (var db = contexts.CreateDbContext())
        {
            var now = time.GetUtcNow();
            due = await db.DeliveryReports.Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.DueAt)
                .Select(row => new DueReport(row.AttemptId, row.StoreId)).Take(100).ToListAsync(cancellationToken);
        }

        foreach (var one in due)
        {
            try
            {
                await report.ExecuteAsync(one.AttemptId, one.StoreId, cancellationToken);
            }
            catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
            {
                Log.ReportFailed(logger, one.AttemptId, exception);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, RunOnceAsync, exception => Log.Failed(logger, exception), stoppingToken);

    private sealed record DueReport(Guid AttemptId, Guid StoreId);

    private static partial class Log
    {
        [LoggerMessage(2040, LogLevel.Error, "Sending delivery reports failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2041, LogLevel.Error, "The delivery of attempt {AttemptId} could not be reported; it is tried again")]
        public static partial void ReportFailed(ILogger logger, Guid attemptId, Exception exception);
    }
}
