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
        var verification = raw.TooLarge ? TooLarge : account.Channel.Verify(raw);
        if (verification is not Verification.Accepted accepted)
        {
            return await RejectAsync(account, raw, (Verification.Rejected)verification, cancellationToken);
        }

        try
        {
            return await writer.WriteAsync((db, ct) => ApplyAsync(
                db, db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity, account, accepted, GatewayOf(account), null, ct), cancellationToken);
        }
        catch (Exception exception) when (exception is not (DatabaseBusyException or OperationCanceledException))
        {
            Log.HandlerFailed(logger, account.Account.Id, accepted.Notification.OutTradeNo, exception);
            return await DeferAsync(account, raw, accepted, cancellationToken);
        }
    }

    /// <summary>Processes a stored capture once more, inside the caller's transaction.</summary>
    internal async Task<CallbackStatus> ReprocessAsync(
        PortalDbContext db, Capture capture, OpenAccount account, Actor actor, string? replayReason, CancellationToken cancellationToken)
    {
        switch (account.Channel.Verify(capture.ToRaw()))
        {
            case Verification.Accepted accepted:
                var entry = capture as InboxEntry ?? CaptureStore.MoveToInbox(db, (RejectedCapture)capture);
                return await ApplyAsync(db, entry, account, accepted, actor, replayReason, cancellationToken);
            case Verification.Rejected rejected:
                var kept = rejected.SignatureValid && capture is RejectedCapture ring ? CaptureStore.MoveToInbox(db, ring) : capture;
                CaptureStore.AddAttempt(db, kept, CallbackStatus.Rejected, rejected.Reason, rejected.Trace, actor, replayReason, time.GetUtcNow());
                return CallbackStatus.Rejected;
            default:
                throw new InvalidOperationException("A verification is either accepted or rejected.");
        }
    }

    private async Task<CallbackStatus> ApplyAsync(
        PortalDbContext db, InboxEntry entry, OpenAccount account, Verification.Accepted accepted, Actor actor, string? replayReason, CancellationToken cancellationToken)
    {
        var message = accepted.Notification;
        var now = time.GetUtcNow();
        var rows = await PaymentRows.FindAsync(db, account.Account, message, cancellationToken);
        var decision = PaymentStateMachine.Decide(rows?.Snapshot(account.Account), message);
        if (rows is not null)
        {
            await rows.ApplyAsync(db, decision, message, actor, now, cancellationToken);
        }

        entry.MessageId = message.MessageId;
        entry.OutTradeNo = message.OutTradeNo;
        entry.ChannelTransactionId = message.ChannelTransactionId;
        entry.OrderId = rows?.Order.Id;
        var trace = (IReadOnlyList<TraceStep>)[.. accepted.Trace, .. decision.Trace, EffectStep(decision)];
        CaptureStore.AddAttempt(db, entry, decision.Outcome, decision.Reason, trace, actor, replayReason, now);
        entry.RetryAt = decision.Outcome == CallbackStatus.Deferred ? RetrySchedule.Next(entry.Attempts, now) : null;
        return decision.Outcome;
    }

    private async Task<CallbackStatus> RejectAsync(
        OpenAccount account, RawNotification raw, Verification.Rejected rejected, CancellationToken cancellationToken)
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
                CaptureStore.AddAttempt(db, capture, CallbackStatus.Rejected, rejected.Reason, rejected.Trace, GatewayOf(account), null, time.GetUtcNow());
                if (!rejected.SignatureValid)
                {
                    await CaptureStore.TrimRingAsync(db, account.Account.Id, ct);
                }

                return CallbackStatus.Rejected;
            },
            cancellationToken);
    }

    /// <summary>A genuine message that our own code could not handle: kept alone, tried again later, never lost.</summary>
    private Task<CallbackStatus> DeferAsync(OpenAccount account, RawNotification raw, Verification.Accepted accepted, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            (db, _) =>
            {
                var now = time.GetUtcNow();
                var entry = db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity;
                entry.MessageId = accepted.Notification.MessageId;
                entry.OutTradeNo = accepted.Notification.OutTradeNo;
                CaptureStore.AddAttempt(db, entry, CallbackStatus.Deferred, DecisionReasons.HandlerError, accepted.Trace, GatewayOf(account), null, now);
                entry.RetryAt = RetrySchedule.Next(entry.Attempts, now);
                return Task.FromResult(CallbackStatus.Deferred);
            },
            cancellationToken);

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

    private static Actor GatewayOf(OpenAccount account) => Actor.Gateway(account.Account.StoreId, account.Account.Id, account.Account.Channel);

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "Callback for account {AccountId} rejected: {Reason}")]
        public static partial void Rejected(ILogger logger, Guid accountId, string reason);

        [LoggerMessage(2002, LogLevel.Error, "Callback for account {AccountId}, {OutTradeNo}, could not be handled and is kept for retry")]
        public static partial void HandlerFailed(ILogger logger, Guid accountId, string? outTradeNo, Exception exception);
    }
}
