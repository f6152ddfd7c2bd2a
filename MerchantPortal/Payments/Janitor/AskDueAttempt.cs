using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Janitor;

/// <summary>
/// Asks about one attempt whose time has come, closes it at the gateway when its code has ended, and plans the next question. An answer
/// goes through the same decision as a notification; where the gateway does not say, only the next time changes.
/// </summary>
public sealed partial class AskDueAttempt(
    QueryAttempt query, RetireAttempt retire, PortalWriter writer, ClockJumps jumps, TimeProvider time, ILogger<AskDueAttempt> logger)
{
    /// <exception cref="LeaseLostException">Another instance does the job by now.</exception>
    internal async Task ExecuteAsync(DueAttempt due, QueryPace pace, HeldLease lease, CancellationToken cancellationToken)
    {
        var by = new Asker(Actor.System(due.StoreId), lease);
        try
        {
            await (MustClose(due) ? retire.ExecuteAsync(due.Id, by, cancellationToken) : (Task)query.ExecuteAsync(due.Id, by, cancellationToken));
        }
        catch (Exception exception) when (exception is not LeaseLostException && NotificationProcessor.IsHandlerError(exception))
        {
            // Keys that cannot be opened, a bug: the money is still asked for, later.
            Log.Failed(logger, due.Id, exception);
        }

        await writer.WriteAsync((db, ct) => PlanAsync(db, due, pace, by, ct), cancellationToken);
    }

    private bool MustClose(DueAttempt due) =>
        due.Status is AttemptStatus.Created or AttemptStatus.Prompted
        && due.ExpiresAt + QuerySchedule.CloseAfter + jumps.Observe().For(due.CreatedAt) <= time.GetUtcNow();

    private async Task<bool> PlanAsync(PortalDbContext db, DueAttempt due, QueryPace pace, Asker by, CancellationToken cancellationToken)
    {
        await by.RequireAsync(db, cancellationToken);
        var attempt = await db.Attempts.SingleAsync(row => row.Id == due.Id, cancellationToken);
        attempt.QueriesMade++;
        // What the answer brought has perhaps planned anew already.
        if (attempt.QueryAt == due.QueryAt)
        {
            attempt.QueryAt = QuerySchedule.Next(AttemptLife.Of(attempt), pace, time.GetUtcNow());
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(2050, LogLevel.Error, "Attempt {AttemptId} could not be asked about; it is tried again by the schedule")]
        public static partial void Failed(ILogger logger, Guid attemptId, Exception exception);
    }
}

/// <summary>An attempt whose time to be asked about has come.</summary>
internal sealed record DueAttempt(
    Guid Id, Guid StoreId, Guid ChannelAccountId, AttemptStatus Status, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? QueryAt);
