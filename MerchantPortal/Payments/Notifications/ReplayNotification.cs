using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Processes a stored callback again: the same bytes, judged by their time of arrival, with the keys of today. A rehearsal writes
/// nothing; a real replay adds an attempt that names the person and the reason. A forged capture stays forged.
/// </summary>
public sealed partial class ReplayNotification(
    ProveCapture prove, PortalWriter writer, NotificationProcessor processor, TimeProvider time, ILogger<ReplayNotification> logger)
{
    public const int MaxReasonLength = 500;

    /// <param name="reason">Why; required for a real replay, kept with the attempt.</param>
    /// <returns>Null when the store has no such callback.</returns>
    /// <exception cref="ArgumentException">A real replay without a reason, or with one that is too long.</exception>
    public async Task<ReplayResult?> ExecuteAsync(Guid captureId, bool dryRun, string? reason, Actor actor, CancellationToken cancellationToken)
    {
        if (!dryRun && (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReasonLength))
        {
            throw new ArgumentException($"A replay needs a reason of at most {MaxReasonLength} characters.", nameof(reason));
        }

        var by = new AttemptBy(actor, dryRun ? null : reason, time.GetUtcNow());
        try
        {
            // A rehearsal asks the gateway as well, where a message needs that; asking changes nothing there.
            if (await prove.ExecuteAsync(captureId, actor.StoreId, cancellationToken) is not { } proven)
            {
                return null;
            }

            return dryRun
                ? (await writer.RehearseAsync((db, ct) => ReprocessAsync(db, captureId, proven, by, ct), cancellationToken)).Result
                : await writer.WriteAsync((db, ct) => ReprocessAsync(db, captureId, proven, by, ct), cancellationToken);
        }
        catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
        {
            return await FailedAsync(captureId, dryRun, by, exception, cancellationToken);
        }
    }

    private async Task<ReplayResult?> ReprocessAsync(
        PortalDbContext db, Guid captureId, ProvenCapture proven, AttemptBy by, CancellationToken cancellationToken)
    {
        if (await CaptureStore.FindAsync(db, captureId, by.Actor.StoreId, cancellationToken) is not { } capture)
        {
            return null;
        }

        if (ReplayPolicy.CanReplay(capture) is ReplayPermission.Refused refused)
        {
            return new ReplayResult(capture.Status, capture.Reason, [], []) { RefusalCode = refused.Code };
        }

        var before = capture.Status;
        var outcome = await processor.ReprocessAsync(db, capture, proven.Account, proven.Proof, by, cancellationToken);
        if (by.ReplayReason is not null && db.ChangeTracker.Entries<Order>().SingleOrDefault()?.Entity is { } order)
        {
            await db.RecordAsync(order, TimelineKind.CallbackReplayed, by.Actor, by.At, cancellationToken,
                new Dictionary<string, string> { ["callback"] = captureId.ToString("N"), ["outcome"] = outcome.ToString(), ["reason"] = by.ReplayReason });
        }

        if (by.ReplayReason is not null)
        {
            // After the feed, as everywhere: two who lock in two orders would wait for each other.
            await AuditAsync(db, captureId, before, outcome, by, cancellationToken);
        }

        return ReplayResult.Of(db.ChangeTracker.Entries<CaptureAttempt>().Single().Entity);
    }

    internal static Task AuditAsync(
        PortalDbContext db, Guid captureId, CallbackStatus before, CallbackStatus after, AttemptBy by, CancellationToken cancellationToken) => db.AuditAsync(
        by.Actor,
        new(AuditActions.CallbackReplayed, captureId.ToString("N"), Status(before), Status(after), by.ReplayReason),
        by.At,
        cancellationToken);

    private static Dictionary<string, string> Status(CallbackStatus status) => new() { ["status"] = status.ToString() };

    private async Task<ReplayResult> FailedAsync(Guid captureId, bool dryRun, AttemptBy by, Exception exception, CancellationToken cancellationToken)
    {
        Log.HandlerFailed(logger, captureId, exception);
        var verdict = AttemptVerdict.HandlerError([], exception);
        if (!dryRun)
        {
            await processor.RecordHandlerErrorAsync(captureId, verdict, by, cancellationToken);
        }

        return new ReplayResult(verdict.Outcome, verdict.Reason, verdict.Trace, []);
    }

    private static partial class Log
    {
        [LoggerMessage(2013, LogLevel.Error, "Callback {CaptureId} could not be replayed")]
        public static partial void HandlerFailed(ILogger logger, Guid captureId, Exception exception);
    }
}

/// <summary>What a replay did, or what it would do.</summary>
public sealed record ReplayResult(CallbackStatus Outcome, string Reason, IReadOnlyList<TraceStep> Trace, IReadOnlyList<FieldChange> Changes)
{
    /// <summary>Set when the policy refused: nothing was done, and outcome and reason are the capture's own as before.</summary>
    public string? RefusalCode { get; init; }

    internal static ReplayResult Of(CaptureAttempt attempt)
    {
        var detail = AttemptDetail.Of(attempt);
        return new(attempt.Outcome, attempt.Reason, detail.Trace, detail.Changes);
    }
}
