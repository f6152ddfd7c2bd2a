using MerchantPortal.Accounts;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>What one processing of a capture has found.</summary>
internal sealed record AttemptVerdict(CallbackStatus Outcome, string Reason, IReadOnlyList<TraceStep> Trace)
{
    /// <summary>The gateway has not said whether it stands by the message; it waits and is tried again.</summary>
    internal static AttemptVerdict Unconfirmed(Proof.Unconfirmed unconfirmed) => new(CallbackStatus.Deferred, unconfirmed.Reason, unconfirmed.Trace);

    /// <summary>Our own code failed on a genuine message; it waits and is tried again.</summary>
    internal static AttemptVerdict HandlerError(IReadOnlyList<TraceStep> trace, Exception exception) => new(
        CallbackStatus.Deferred,
        DecisionReasons.HandlerError,
        // The type only: a message may quote data.
        [.. trace, new(TraceSteps.Effect, false, DecisionReasons.HandlerError, new Dictionary<string, string> { ["error"] = exception.GetType().Name })]);
}

/// <summary>Who processes a capture, why, and when.</summary>
/// <param name="ReplayReason">Null for arrivals and for the portal's own retries.</param>
internal sealed record AttemptBy(Actor Actor, string? ReplayReason, DateTimeOffset At);
