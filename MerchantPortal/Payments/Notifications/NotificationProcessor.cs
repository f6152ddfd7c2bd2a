using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// bytes → verify → decide → one commit. Arrivals, the portal's own retries and replays by a person all take this way; they
/// differ only in where the bytes come from. Nothing is answered before its result is durable.
/// </summary>
public sealed partial class NotificationProcessor(
    PortalWriter writer, RejectedRate rejectedRate, TimeProvider time, ILogger<NotificationProcessor> logger)
{
    /// <summary>Takes a request from a gateway.</summary>
    /// <returns>The outcome to acknowledge; it is durable when this returns.</returns>
    public async Task<CallbackStatus> ReceiveAsync(OpenAccount account, RawNotification raw, CancellationToken cancellationToken)
    {
        var by = new AttemptBy(Actor.Gateway(account.Account.StoreId, account.Account.Id, account.Account.Channel), null, time.GetUtcNow());
        var verification = Verify(account, raw);
        if (verification is not Verification.Accepted accepted)
        {
            return await RejectAsync(account, raw, (Verification.Rejected)verification, by, cancellationToken);
        }

        try
        {
            return await writer.WriteAsync((db, ct) => ArriveAsync(db, account, raw, accepted, by, ct), cancellationToken);
        }
        catch (Exception exception) when (IsHandlerError(exception))
        {
            // Also where the commit itself failed and nobody knows whether it took place: the copy finds out when it is retried.
            Log.HandlerFailed(logger, account.Account.Id, accepted.Notification.OutTradeNo, exception);
            return await DeferAsync(account, raw, accepted, AttemptVerdict.HandlerError(accepted.Trace, exception), by, cancellationToken);
        }
    }

    /// <summary>Processes a stored capture once more, inside the caller's transaction.</summary>
    internal async Task<CallbackStatus> ReprocessAsync(
        PortalDbContext db, Capture capture, OpenAccount account, AttemptBy by, CancellationToken cancellationToken)
    {
        switch (Verify(account, capture.ToRaw()))
        {
            case Verification.Accepted accepted:
                var entry = capture as InboxEntry ?? CaptureStore.MoveToInbox(db, (RejectedCapture)capture);
                return await ApplyAsync(db, entry, account, accepted, by, cancellationToken);
            case Verification.Rejected rejected:
                var kept = rejected.SignatureValid && capture is RejectedCapture ring ? CaptureStore.MoveToInbox(db, ring) : capture;
                CaptureStore.AddAttempt(db, kept, new(CallbackStatus.Rejected, rejected.Reason, rejected.Trace), by);
                Reschedule(kept, (kept as InboxEntry)?.RetryAt is not null, by.At);
                return CallbackStatus.Rejected;
            default:
                throw new InvalidOperationException("A verification is either accepted or rejected.");
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

                // What was never proven does not become a deferred entry by failing.
                CaptureStore.AddAttempt(db, capture, capture is InboxEntry ? verdict : verdict with { Outcome = CallbackStatus.Rejected }, by);
                Reschedule(capture, capture.Status == CallbackStatus.Deferred, by.At);
                return true;
            },
            cancellationToken);

    /// <summary>True for what our own code did wrong, false where the database or the caller ended the work.</summary>
    internal static bool IsHandlerError(Exception exception) => exception is not (DatabaseBusyException or OperationCanceledException);

    private static async Task<CallbackStatus> ArriveAsync(
        PortalDbContext db, OpenAccount account, RawNotification raw, Verification.Accepted accepted, AttemptBy by, CancellationToken cancellationToken)
    {
        var entry = db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity;
        var outcome = await ApplyAsync(db, entry, account, accepted, by, cancellationToken);
        if (outcome == CallbackStatus.Duplicate)
        {
            await CaptureStore.CountWhenRepeatedAsync(db, entry, cancellationToken);
        }

        return outcome;
    }

    private static async Task<CallbackStatus> ApplyAsync(
        PortalDbContext db, InboxEntry entry, OpenAccount account, Verification.Accepted accepted, AttemptBy by, CancellationToken cancellationToken)
    {
        var message = accepted.Notification;
        var rows = await PaymentRows.FindAsync(db, account.Account, message, cancellationToken);
        var decision = PaymentStateMachine.Decide(rows?.Snapshot(account.Account), message);
        if (rows is not null)
        {
            await rows.ApplyAsync(db, decision, message, by.Actor, by.At, cancellationToken);
        }

        entry.MessageId = message.MessageId;
        entry.OutTradeNo = message.OutTradeNo;
        entry.ChannelTransactionId = message.ChannelTransactionId;
        entry.OrderId = rows?.Order.Id;
        var trace = (IReadOnlyList<TraceStep>)[.. accepted.Trace, .. decision.Trace, EffectStep(decision)];
        CaptureStore.AddAttempt(db, entry, new(decision.Outcome, decision.Reason, trace), by);
        Reschedule(entry, decision.Outcome == CallbackStatus.Deferred, by.At);
        return decision.Outcome;
    }

    /// <summary>Sets the next retry, or ends the retries; a deferred capture that was tried often enough goes to a person.</summary>
    private static void Reschedule(Capture capture, bool again, DateTimeOffset now)
    {
        if (capture is not InboxEntry entry)
        {
            return;
        }

        entry.RetryAt = again ? RetrySchedule.Next(entry.Attempts, now) : null;
        if (entry.Status == CallbackStatus.Deferred && entry.RetryAt is null)
        {
            entry.Status = CallbackStatus.Quarantined;
        }
    }

    private async Task<CallbackStatus> RejectAsync(
        OpenAccount account, RawNotification raw, Verification.Rejected rejected, AttemptBy by, CancellationToken cancellationToken)
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

                return CallbackStatus.Rejected;
            },
            cancellationToken);
    }

    /// <summary>A genuine message that our own code could not handle: kept alone, tried again later, never lost.</summary>
    private Task<CallbackStatus> DeferAsync(
        OpenAccount account, RawNotification raw, Verification.Accepted accepted, AttemptVerdict verdict, AttemptBy by, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            (db, _) =>
            {
                var entry = db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity;
                entry.MessageId = accepted.Notification.MessageId;
                entry.OutTradeNo = accepted.Notification.OutTradeNo;
                entry.ChannelTransactionId = accepted.Notification.ChannelTransactionId;
                CaptureStore.AddAttempt(db, entry, verdict, by);
                Reschedule(entry, again: true, by.At);
                return Task.FromResult(CallbackStatus.Deferred);
            },
            cancellationToken);

    /// <summary>Asks the channel. Bytes that make it fail are not proven, whatever they are.</summary>
    private Verification Verify(OpenAccount account, RawNotification raw)
    {
        if (raw.TooLarge)
        {
            return TooLarge;
        }

        try
        {
            return account.Channel.Verify(raw);
        }
        catch (Exception exception) when (IsHandlerError(exception))
        {
            Log.VerifyFailed(logger, account.Account.Id, exception);
            return new Verification.Rejected(DecisionReasons.HandlerError, SignatureValid: false,
                [new(TraceSteps.Received, false, DecisionReasons.HandlerError, new Dictionary<string, string> { ["error"] = exception.GetType().Name })]);
        }
    }

    private static Verification.Rejected TooLarge { get; } = new(RejectionReasons.BodyTooLarge, SignatureValid: false,
        [new(TraceSteps.Received, false, $"The body is larger than {PaymentNotificationsController.MaxBodyBytes} bytes and was not read.")]);

    private static TraceStep EffectStep(PaymentDecision decision) => new(
        TraceSteps.Effect, true, decision.Effect switch
        {
            PaymentEffect.None => "nothing to write",
            PaymentEffect.Pay { Late: false } => "order paid",
            PaymentEffect.Pay => "order paid after it had been closed",
            PaymentEffect.RecordSurplus => "money recorded as surplus",
            PaymentEffect.CloseAttempt => "attempt closed",
            PaymentEffect.Refund => "refund recorded",
            PaymentEffect.RefundNotSettled => "refund marked as not settled",
            PaymentEffect.Flag => "order flagged for a person",
            _ => decision.Effect.GetType().Name,
        });

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "Callback for account {AccountId} rejected: {Reason}")]
        public static partial void Rejected(ILogger logger, Guid accountId, string reason);

        [LoggerMessage(2002, LogLevel.Error, "Callback for account {AccountId}, {OutTradeNo}, could not be handled and is kept for retry")]
        public static partial void HandlerFailed(ILogger logger, Guid accountId, string? outTradeNo, Exception exception);

        [LoggerMessage(2003, LogLevel.Error, "Verifying a callback for account {AccountId} failed")]
        public static partial void VerifyFailed(ILogger logger, Guid accountId, Exception exception);
    }
}
