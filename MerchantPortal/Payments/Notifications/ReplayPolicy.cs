using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Whether a stored callback may be processed again: the one answer for the console, for replays in bulk and for the API.</summary>
public static class ReplayPolicy
{
    /// <summary>A capture keeps at most this many attempts, so that a script in a loop cannot grow it without end.</summary>
    public const int MaxAttempts = 200;

    public static ReplayPermission CanReplay(Capture capture) => CanReplay(capture is InboxEntry, capture.Reason, capture.Attempts);

    /// <param name="isProven">The capture is in the inbox: its signature was proven.</param>
    public static ReplayPermission CanReplay(bool isProven, string reason, int attempts) =>
        reason == RejectionReasons.BodyTooLarge ? new ReplayPermission.Refused(ReplayRefusals.NoBody)
        : attempts >= MaxAttempts ? new ReplayPermission.Refused(ReplayRefusals.TooManyAttempts)
        : isProven ? new ReplayPermission.Allowed()
        : new ReplayPermission.VerifyAgain();
}

/// <summary>The policy's answer.</summary>
public abstract record ReplayPermission
{
    public sealed record Allowed : ReplayPermission;

    /// <summary>Never proven: it is verified again with the keys of today, and goes no further when that fails.</summary>
    public sealed record VerifyAgain : ReplayPermission;

    /// <param name="Code">One of <see cref="ReplayRefusals"/>.</param>
    public sealed record Refused(string Code) : ReplayPermission;
}

/// <summary>Stable codes for why a callback cannot be replayed.</summary>
public static class ReplayRefusals
{
    public const string NoBody = "no_body";
    public const string TooManyAttempts = "too_many_attempts";
}
