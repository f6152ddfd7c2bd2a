using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// bytes → prove → decide → one commit. Arrivals, the portal's own retries and replays by a person all take this way; they
/// differ only in where the bytes come from. Nothing is answered before its result is durable.
/// </summary>
public sealed partial class NotificationProcessor(
    ProveNotification prove, ArrivalQueue queue, BookNotification book, PortalWriter writer, RejectedRate rejectedRate, TimeProvider time, ILogger<NotificationProcessor> logger)
{
    /// <summary>Takes a request from a gateway.</summary>
    /// <returns>The outcome to acknowledge; it is durable when this returns.</returns>
    public async Task<CallbackStatus> ReceiveAsync(OpenAccount account, RawNotification raw, CancellationToken cancellationToken)
    {
        var by = new AttemptBy(Actor.Gateway(account.Account.StoreId, account.Account.Id, account.Account.Channel), null, time.GetUtcNow());
        return await prove.ExecuteAsync(account, raw, confirmedAt: null, isArrival: true, cancellationToken) switch
        {
            Proof.Genuine genuine => await TakeAsync(account, raw, genuine, by, cancellationToken),
            Proof.Unconfirmed unconfirmed => await DeferAsync(account, raw, unconfirmed.Claimed, AttemptVerdict.Unconfirmed(unconfirmed), by, cancellationToken),
            Proof.Rejected rejected => await RejectAsync(account, raw, rejected, by, cancellationToken),
            _ => throw new InvalidOperationException("Bytes are genuine, unconfirmed or rejected."),
        };
    }

    /// <summary>Processes a stored capture once more, inside the caller's transaction.</summary>
    /// <param name="proof">What was found of its bytes before the transaction began.</param>
    internal async Task<CallbackStatus> ReprocessAsync(
        PortalDbContext db, Capture capture, OpenAccount account, Proof proof, AttemptBy by, CancellationToken cancellationToken)
    {
        switch (proof)
        {
            case Proof.Genuine genuine when by.Actor.Kind == ActorKind.System && await book.IsImitationAsync(db, capture, genuine.Notification, cancellationToken):
                return await ReprocessAsync(db, capture, account, Proof.Rejected.Imitation(genuine.Trace), by, cancellationToken);
            case Proof.Genuine genuine:
                return await ApplyAsync(db, InInbox(db, capture), account, genuine, by, cancellationToken);
            case Proof.Unconfirmed unconfirmed:
                var waiting = InInbox(db, capture);
                CaptureStore.AddAttempt(db, waiting, AttemptVerdict.Unconfirmed(unconfirmed), by);
                await db.RescheduleAsync(waiting, waiting.Status == CallbackStatus.Deferred, by.At, cancellationToken);
                return CallbackStatus.Deferred;
            case Proof.Rejected rejected:
                var kept = rejected.SignatureValid ? InInbox(db, capture) : capture;
                CaptureStore.AddAttempt(db, kept, new(CallbackStatus.Rejected, rejected.Reason, rejected.Trace), by);
                var again = (kept as InboxEntry)?.RetryAt is not null && rejected.Reason is not (RejectionReasons.NotConfirmed or RejectionReasons.TimestampReused);
                await db.RescheduleAsync(kept, again, by.At, cancellationToken);
                return CallbackStatus.Rejected;
            default:
                throw new InvalidOperationException("Bytes are genuine, unconfirmed or rejected.");
        }
    }

    /// <summary>Our own code failed while it processed a stored capture: says so on the capture, and tries later.</summary>
    internal async Task RecordHandlerErrorAsync(Guid captureId, AttemptVerdict verdict, AttemptBy by, CancellationToken cancellationToken) =>
        await writer.WriteAsync(
            async (db, ct) =>
            {
                if (await CaptureStore.FindAsync(db, captureId, by.Actor.StoreId, ct) is not { } capture)
                {
                    return false;
                }

                var before = capture.Status;
                // What was never proven does not become a deferred entry by failing.
                CaptureStore.AddAttempt(db, capture, capture is InboxEntry ? verdict : verdict with { Outcome = CallbackStatus.Rejected }, by);
                await db.RescheduleAsync(capture, capture.Status == CallbackStatus.Deferred, by.At, ct);
                if (by.ReplayReason is not null)
                {
                    await ReplayNotification.AuditAsync(db, captureId, before, capture.Status, by, ct);
                }

                return true;
            },
            cancellationToken);

    /// <summary>True for what our own code did wrong, false where the database or the caller ended the work.</summary>
    internal static bool IsHandlerError(Exception exception) => exception is not (DatabaseBusyException or OperationCanceledException);

    private static InboxEntry InInbox(PortalDbContext db, Capture capture) =>
        capture as InboxEntry ?? CaptureStore.MoveToInbox(db, (RejectedCapture)capture);

    private async Task<CallbackStatus> TakeAsync(
        OpenAccount account, RawNotification raw, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        var arrival = new Arrival(account, raw, genuine, by);
        if (arrival.IsPlainPayment && await queue.TryBookAsync(arrival))
        {
            return CallbackStatus.Applied;
        }

        try
        {
            return await ArriveAsync(account, raw, genuine, by, cancellationToken)
                ?? await RejectAsync(account, raw, Proof.Rejected.Imitation(genuine.Trace), by, cancellationToken);
        }
        catch (Exception exception) when (IsHandlerError(exception))
        {
            // Also where the commit itself failed and nobody knows whether it took place: the copy finds out when it is retried.
            Log.HandlerFailed(logger, account.Account.Id, genuine.Notification.OutTradeNo, exception);
            return await DeferAsync(account, raw, genuine.Notification, AttemptVerdict.HandlerError(genuine.Trace, exception), by, cancellationToken);
        }
    }

    private async Task<CallbackStatus?> ArriveAsync(
        OpenAccount account, RawNotification raw, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync((db, ct) => ArriveAsync(db, account, raw, genuine, by, ct), cancellationToken);
        }
        catch (CommitUncertainException)
        {
            // Decided again on what is there now: a duplicate where the commit took place, the first where it did not.
            return await writer.WriteAsync((db, ct) => ArriveAsync(db, account, raw, genuine, by, ct), cancellationToken);
        }
    }

    /// <returns>Null when the message imitates another one: nothing is written.</returns>
    private async Task<CallbackStatus?> ArriveAsync(
        PortalDbContext db, OpenAccount account, RawNotification raw, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        var entry = CaptureStore.NewInboxEntry(raw, account.Account);
        if (await book.IsImitationAsync(db, entry, genuine.Notification, cancellationToken))
        {
            return null;
        }

        db.Inbox.Add(entry);
        var outcome = await ApplyAsync(db, entry, account, genuine, by, cancellationToken);
        if (outcome == CallbackStatus.Duplicate)
        {
            await CaptureStore.CountWhenRepeatedAsync(db, entry, cancellationToken);
        }

        return outcome;
    }

    private async Task<CallbackStatus> ApplyAsync(
        PortalDbContext db, InboxEntry entry, OpenAccount account, Proof.Genuine genuine, AttemptBy by, CancellationToken cancellationToken)
    {
        var verdict = await book.ExecuteAsync(db, entry, account, genuine, by, cancellationToken);
        CaptureStore.AddAttempt(db, entry, verdict, by);
        await db.RescheduleAsync(entry, verdict.Outcome == CallbackStatus.Deferred, by.At, cancellationToken);
        await db.FollowVerdictAsync(entry, verdict.Outcome, by.At, cancellationToken);
        return verdict.Outcome;
    }

    private async Task<CallbackStatus> RejectAsync(
        OpenAccount account, RawNotification raw, Proof.Rejected rejected, AttemptBy by, CancellationToken cancellationToken)
    {
        Log.Rejected(logger, account.Account.Id, rejected.Reason);
        if (!rejected.SignatureValid && !rejectedRate.TryTake(account.Account.Id))
        {
            return CallbackStatus.Rejected;
        }

        return await writer.WriteAsync(
            async (db, ct) =>
            {
                Capture capture = rejected.SignatureValid
                    ? db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity
                    : db.RejectedCaptures.Add(CaptureStore.NewRejected(raw, account.Account)).Entity;
                CaptureStore.AddAttempt(db, capture, new(CallbackStatus.Rejected, rejected.Reason, rejected.Trace), by);
                if (!rejected.SignatureValid)
                {
                    await CaptureStore.TrimRingAsync(db, account.Account.Id, ct);
                }

                if (rejected.AskAbout is { } number)
                {
                    await db.AskSoonAsync(account.Account.Id, number, by.At, ct);
                }

                return CallbackStatus.Rejected;
            },
            cancellationToken);
    }

    /// <summary>A message that our own code could not handle, or that waits for the gateway's word: kept alone, tried again later, never lost.</summary>
    private async Task<CallbackStatus> DeferAsync(
        OpenAccount account, RawNotification raw, VerifiedNotification message, AttemptVerdict verdict, AttemptBy by, CancellationToken cancellationToken) =>
        await writer.WriteAsync((db, ct) => WaitAsync(db, account, raw, message, verdict, by, ct), cancellationToken)
            ?? await RejectAsync(account, raw, Proof.Rejected.Imitation(verdict.Trace), by, cancellationToken);

    /// <returns>Null when the message imitates another one: nothing is written.</returns>
    private async Task<CallbackStatus?> WaitAsync(
        PortalDbContext db, OpenAccount account, RawNotification raw, VerifiedNotification message, AttemptVerdict verdict, AttemptBy by, CancellationToken cancellationToken)
    {
        var entry = CaptureStore.NewInboxEntry(raw, account.Account);
        if (await book.IsImitationAsync(db, entry, message, cancellationToken))
        {
            return null;
        }

        if (message.Subscription is not null && await CaptureStore.CountOnTwinAsync(db, entry, cancellationToken) is { } known)
        {
            return known;
        }

        entry.Describe(message);
        db.Inbox.Add(entry);
        CaptureStore.AddAttempt(db, entry, verdict, by);
        await db.RescheduleAsync(entry, again: true, by.At, cancellationToken);
        return CallbackStatus.Deferred;
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "Callback for account {AccountId} rejected: {Reason}")]
        public static partial void Rejected(ILogger logger, Guid accountId, string reason);

        [LoggerMessage(2002, LogLevel.Error, "Callback for account {AccountId}, {OutTradeNo}, could not be handled and is kept for retry")]
        public static partial void HandlerFailed(ILogger logger, Guid accountId, string? outTradeNo, Exception exception);
    }
}
