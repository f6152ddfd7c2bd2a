using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Finishes refunds: sends those whose process died, asks about those without an answer, follows the accepted ones to their end.</summary>
public sealed partial class RefundJob(
    IDbContextFactory<PortalDbContext> contexts, Leases leases, SettleRefund settle, TimeProvider time, ILogger<RefundJob> logger) : BackgroundService
{
    public const string LeaseName = "refunds";

    private const int MostPerRound = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Longer than the calls of one refund may take together; it is renewed before each.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>Makes every try that is due now, unless another instance does. One that fails does not stop the others.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var due in await DueAsync(cancellationToken))
        {
            if (await leases.TryTakeAsync(LeaseName, LeaseTime, cancellationToken) is not { } held)
            {
                return;
            }

            try
            {
                await settle.ExecuteAsync(due.Id, Actor.System(due.StoreId), new SettleWish(Held: held), cancellationToken);
            }
            catch (LeaseLostException)
            {
                return;
            }
            catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
            {
                Log.OneFailed(logger, due.Id, exception);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, RunOnceAsync, exception => Log.Failed(logger, exception), stoppingToken);

    private async Task<List<DueRefund>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var now = time.GetUtcNow();
        return await db.Refunds.Where(row => row.NextTryAt != null && row.NextTryAt <= now).OrderBy(row => row.NextTryAt)
            .Select(row => new DueRefund(row.Id, row.StoreId)).Take(MostPerRound).ToListAsync(cancellationToken);
    }

    private sealed record DueRefund(Guid Id, Guid StoreId);

    private static partial class Log
    {
        [LoggerMessage(2060, LogLevel.Error, "Looking for due refunds failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2061, LogLevel.Error, "Refund {RefundId} could not be brought further; it is tried again")]
        public static partial void OneFailed(ILogger logger, Guid refundId, Exception exception);
    }
}
