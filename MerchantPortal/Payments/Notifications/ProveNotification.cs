using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Verifies bytes and, where the channel's signature proves too little, asks the gateway. Runs before the transaction: nothing waits
/// for a gateway while it holds the database.
/// </summary>
public sealed partial class ProveNotification(PlatformKeyRefresher platformKeys, TimeProvider time, ILogger<ProveNotification> logger)
{
    /// <summary>Gateways give up on us after about five seconds.</summary>
    private static readonly TimeSpan ConfirmationLimit = TimeSpan.FromSeconds(4);

    private static Proof.Rejected TooLarge { get; } = new(RejectionReasons.BodyTooLarge, SignatureValid: false,
        [new(TraceSteps.Received, false, $"The body is larger than {PaymentNotificationsController.MaxBodyBytes} bytes and was not read.")]);

    /// <param name="confirmedAt">When the gateway confirmed these bytes earlier; it is not asked again. Null when it has not.</param>
    /// <param name="isArrival">False for stored bytes: what had to wait at its arrival is asked about now.</param>
    internal async Task<Proof> ExecuteAsync(
        OpenAccount account, RawNotification raw, DateTimeOffset? confirmedAt, bool isArrival, CancellationToken cancellationToken) =>
        Verify(account, raw) switch
        {
            Verification.Rejected rejected => new Proof.Rejected(rejected.Reason, rejected.SignatureValid, rejected.Trace) { AskAbout = rejected.AskAbout },
            Verification.Accepted accepted when isArrival && accepted.Notification.Subscription is { IsFresh: false } =>
                new Proof.Unconfirmed(accepted.Notification, accepted.Trace, DecisionReasons.StaleWaits),
            Verification.Accepted accepted when account.Channel is IConfirmingChannel channel && channel.NeedsConfirmation(accepted.Notification) =>
                confirmedAt is { } before
                    ? new Proof.Genuine(accepted.Notification, Told(accepted, true, "The gateway has confirmed this message before."), before)
                    : await ConfirmAsync(account, channel, raw, accepted, cancellationToken),
            Verification.Accepted accepted => new Proof.Genuine(accepted.Notification, accepted.Trace, ConfirmedAt: null),
            _ => throw new InvalidOperationException("A verification is either accepted or rejected."),
        };

    /// <summary>Asks the channel. Bytes that make it fail are not proven, whatever they are.</summary>
    private Verification Verify(OpenAccount account, RawNotification raw)
    {
        if (raw.TooLarge)
        {
            return new Verification.Rejected(TooLarge.Reason, TooLarge.SignatureValid, TooLarge.Trace);
        }

        try
        {
            var verification = account.Channel.Verify(raw);
            if (verification is Verification.Rejected { Reason: RejectionReasons.UnknownKey })
            {
                // Refused all the same: the gateway sends it again, and by then the key is here.
                platformKeys.Ask(account.Account.Id);
            }

            return verification;
        }
        catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
        {
            Log.VerifyFailed(logger, account.Account.Id, exception);
            return new Verification.Rejected(DecisionReasons.HandlerError, SignatureValid: false,
                [new(TraceSteps.Received, false, DecisionReasons.HandlerError, new Dictionary<string, string> { ["error"] = exception.GetType().Name })]);
        }
    }

    private async Task<Proof> ConfirmAsync(
        OpenAccount account, IConfirmingChannel channel, RawNotification raw, Verification.Accepted accepted, CancellationToken cancellationToken)
    {
        switch (await AskAsync(account, channel, raw, accepted.Notification, cancellationToken))
        {
            case Confirmation.Confirmed { Completed: { } completed, Detail: var detail }:
                return new Proof.Genuine(completed, Told(accepted, true, detail), ConfirmedAt: null);
            case Confirmation.Confirmed confirmed:
                return new Proof.Genuine(accepted.Notification, Told(accepted, true, confirmed.Detail), time.GetUtcNow());
            case Confirmation.Refuted refuted:
                return new Proof.Rejected(RejectionReasons.NotConfirmed, SignatureValid: false, Told(accepted, false, refuted.Detail));
            case Confirmation.Unclear unclear:
                return new Proof.Unconfirmed(accepted.Notification, Told(accepted, false, unclear.Detail), DecisionReasons.ConfirmationUnclear);
            default:
                throw new InvalidOperationException("A confirmation is given, refused or unclear.");
        }
    }

    private async Task<Confirmation> AskAsync(
        OpenAccount account, IConfirmingChannel channel, RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConfirmationLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await channel.ConfirmAsync(raw, claimed, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Confirmation.Unclear("The gateway did not answer in time.");
        }
        catch (Exception exception) when (NotificationProcessor.IsHandlerError(exception))
        {
            Log.ConfirmFailed(logger, account.Account.Id, exception);
            return new Confirmation.Unclear("The gateway's answer could not be handled.");
        }
    }

    private static IReadOnlyList<TraceStep> Told(Verification.Accepted accepted, bool ok, string detail) =>
        [.. accepted.Trace, new(TraceSteps.Confirmed, ok, detail)];

    private static partial class Log
    {
        [LoggerMessage(2003, LogLevel.Error, "Verifying a callback for account {AccountId} failed")]
        public static partial void VerifyFailed(ILogger logger, Guid accountId, Exception exception);

        [LoggerMessage(2004, LogLevel.Error, "Confirming a callback for account {AccountId} failed; it waits and is tried again")]
        public static partial void ConfirmFailed(ILogger logger, Guid accountId, Exception exception);
    }
}

/// <summary>What is proven of stored or arriving bytes.</summary>
internal abstract record Proof(IReadOnlyList<TraceStep> Trace)
{
    /// <param name="ConfirmedAt">When the gateway confirmed it; null where that was not needed.</param>
    internal sealed record Genuine(VerifiedNotification Notification, IReadOnlyList<TraceStep> Trace, DateTimeOffset? ConfirmedAt) : Proof(Trace);

    /// <summary>Signed, but the gateway has not said yet whether it stands by it. Books nothing, waits.</summary>
    /// <param name="Reason">Why it waits, a <see cref="DecisionReasons"/> value.</param>
    internal sealed record Unconfirmed(VerifiedNotification Claimed, IReadOnlyList<TraceStep> Trace, string Reason) : Proof(Trace);

    internal sealed record Rejected(string Reason, bool SignatureValid, IReadOnlyList<TraceStep> Trace) : Proof(Trace)
    {
        /// <inheritdoc cref="Verification.Rejected.AskAbout"/>
        internal string? AskAbout { get; init; }

        /// <summary>Another body came under the one thing that is signed.</summary>
        internal static Rejected Imitation(IReadOnlyList<TraceStep> trace) => new(RejectionReasons.TimestampReused, SignatureValid: false,
            [.. trace, new(TraceSteps.Freshness, false, "Another message came under this timestamp, which is good for one.")]);
    }
}
