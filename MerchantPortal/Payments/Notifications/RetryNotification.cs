using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Tries one deferred callback again. Where our own code fails on it, that is an attempt as well, and the next one comes later;
/// after the last the callback waits for a person.
/// </summary>
public sealed partial class RetryNotification(
    ProveCapture prove, PortalWriter writer, NotificationProcessor processor, TimeProvider time, ILogger<RetryNotification> logger)
{
    public async Task ExecuteAsync(Guid captureId, Actor actor, CancellationToken cancellationToken)
    {
        var by = new AttemptBy(actor, null, time.GetUtcNow());
        try
        {
            if (await prove.ExecuteAsync(captureId, by.Actor.StoreId, cancellationToken) is { } proven)
            {
                await writer.WriteAsync((db, ct) => RetryAsync(db, captureId, proven, by, ct), cancellationToken);
            }
        }
        catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
        {
            Log.HandlerFailed(logger, captureId, exception);
            await processor.RecordHandlerErrorAsync(captureId, AttemptVerdict.HandlerError([], exception), by, cancellationToken);
        }
    }

    private async Task<bool> RetryAsync(PortalDbContext db, Guid captureId, ProvenCapture proven, AttemptBy by, CancellationToken cancellationToken)
    {
        var entry = await db.Inbox.SingleAsync(row => row.Id == captureId && row.StoreId == by.Actor.StoreId, cancellationToken);
        if (entry.RetryAt is null || (entry.RetryAt > by.At && entry.Reason != DecisionReasons.UnknownOrder))
        {
            // Another instance, or a person, was first.
            return false;
        }

        await processor.ReprocessAsync(db, entry, proven.Account, proven.Proof, by, cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(2012, LogLevel.Error, "Callback {CaptureId} could not be retried; the next try comes later")]
        public static partial void HandlerFailed(ILogger logger, Guid captureId, Exception exception);
    }
}
