namespace MerchantPortal.Payments.Janitor;

/// <summary>
/// Notices when the clock is set forward while the portal runs, by the time that really passes meanwhile. What was placed before that has not lived
/// so much longer: it is closed by so much later. A clock that is set back closes nothing early.
/// </summary>
public sealed class ClockJumps(TimeProvider time)
{
    /// <summary>Less is drift, or a busy machine.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long _timestamp = time.GetTimestamp();
    private DateTimeOffset _at = time.GetUtcNow();
    private ClockLead _lead = ClockLead.None;

    /// <summary>When something ends by the clock as it is now.</summary>
    /// <param name="end">By the clock as it was when it was placed.</param>
    internal DateTimeOffset EndOf(DateTimeOffset end, DateTimeOffset placedAt) => end + Observe().For(placedAt);

    /// <summary>Compares the two clocks; to be called every round.</summary>
    internal ClockLead Observe()
    {
        lock (_lock)
        {
            var (timestamp, now) = (time.GetTimestamp(), time.GetUtcNow());
            var jump = now - _at - time.GetElapsedTime(_timestamp, timestamp);
            (_timestamp, _at) = (timestamp, now);
            if (jump.Duration() >= Noticeable)
            {
                var by = _lead.By + jump;
                _lead = by <= TimeSpan.Zero ? ClockLead.None : new ClockLead(jump > TimeSpan.Zero ? now : _lead.Since, by);
            }

            return _lead;
        }
    }
}

/// <param name="Since">When the clock was set; what was placed later lives by the new time.</param>
/// <param name="By">How much the clock is ahead for what was placed before.</param>
internal sealed record ClockLead(DateTimeOffset Since, TimeSpan By)
{
    public static readonly ClockLead None = new(DateTimeOffset.UnixEpoch, TimeSpan.Zero);

    public TimeSpan For(DateTimeOffset createdAt) => createdAt < Since ? By : TimeSpan.Zero;
}
