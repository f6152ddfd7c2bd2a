using MerchantPortal.Api;
using MerchantPortal.Orders;

namespace MerchantPortal.Operations;

/// <summary>Drops, once an hour, what has served its purpose, so that the database grows with its orders and not with its traffic.</summary>
internal sealed partial class Housekeeping(
    PruneFeed feed, PruneIdempotencyRecords idempotency, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (rows, records) = (await feed.ExecuteAsync(stoppingToken), await idempotency.ExecuteAsync(stoppingToken));
                Log.Pruned(logger, rows, records);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2030, LogLevel.Information, "Dropped {FeedRows} old feed rows and {Records} idempotency records")]
        public static partial void Pruned(ILogger logger, long feedRows, long records);

        [LoggerMessage(2031, LogLevel.Error, "Housekeeping failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
