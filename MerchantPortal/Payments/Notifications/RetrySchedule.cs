namespace MerchantPortal.Payments.Notifications;

/// <summary>When the portal tries a deferred callback again by itself.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24),
    ];

    /// <param name="attempts">Attempts made so far, the arrival included.</param>
    /// <returns>Null when the portal gives up and a person must look.</returns>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset now) => attempts <= Delays.Length ? now + Delays[attempts - 1] : null;
}
