using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Processes a stored callback again: the same bytes, judged by their time of arrival, with the keys of today. A rehearsal writes
/// nothing; a real replay adds an attempt that names the person and the reason. A forged capture stays forged.
/// </summary>
public sealed class ReplayNotification(PaymentChannels channels, PortalWriter writer, NotificationProcessor processor)
{
    /// <param name="reason">Why; required for a real replay, kept with the attempt.</param>
    /// <returns>Null when the store has no such callback.</returns>
    /// <exception cref="ArgumentException">A real replay without a reason.</exception>
    public async Task<ReplayResult?> ExecuteAsync(Guid captureId, bool dryRun, string? reason, Actor actor, CancellationToken cancellationToken)
    {
        if (!dryRun && string.IsNullOrWhiteSpace(reason))
        {
            throw new ArgumentException("A replay needs a reason.", nameof(reason));
        }

        if (dryRun)
        {
            return await RehearseAsync(captureId, actor, cancellationToken);
        }

        var attempt = await writer.WriteAsync((db, ct) => ReprocessAsync(db, captureId, reason, actor, ct), cancellationToken);
        return attempt is null ? null : ReplayResult.Of(attempt);
    }

    private async Task<ReplayResult?> RehearseAsync(Guid captureId, Actor actor, CancellationToken cancellationToken)
    {
        var (attempt, _) = await writer.RehearseAsync((db, ct) => ReprocessAsync(db, captureId, null, actor, ct), cancellationToken);
        return attempt is null ? null : ReplayResult.Of(attempt);
    }

    private async Task<CaptureAttempt?> ReprocessAsync(PortalDbContext db, Guid captureId, string? reason, Actor actor, CancellationToken cancellationToken)
    {
        Capture? capture = await db.Inbox.SingleOrDefaultAsync(row => row.Id == captureId && row.StoreId == actor.StoreId, cancellationToken);
        capture ??= await db.RejectedCaptures.SingleOrDefaultAsync(row => row.Id == captureId && row.StoreId == actor.StoreId, cancellationToken);
        if (capture is null || await channels.FindAsync(capture.ChannelAccountId, cancellationToken) is not { } account)
        {
            return null;
        }

        await processor.ReprocessAsync(db, capture, account, actor, reason, cancellationToken);
        return db.ChangeTracker.Entries<CaptureAttempt>().Single().Entity;
    }
}

/// <summary>What a replay did, or what it would do.</summary>
public sealed record ReplayResult(CallbackStatus Outcome, string Reason, IReadOnlyList<TraceStep> Trace, IReadOnlyList<FieldChange> Changes)
{
    internal static ReplayResult Of(CaptureAttempt attempt) => new(
        attempt.Outcome,
        attempt.Reason,
        System.Text.Json.JsonSerializer.Deserialize<List<TraceStep>>(attempt.TraceJson) ?? [],
        System.Text.Json.JsonSerializer.Deserialize<List<FieldChange>>(attempt.ChangesJson) ?? []);
}
