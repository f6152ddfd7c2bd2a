namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>The gateways' day-long schedules, compressed so that a person can watch one.</summary>
internal static class DeliveryRetry
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3),
    ];

    /// <param name="tries">Tries made so far.</param>
    /// <returns>Null when the schedule ends.</returns>
    public static TimeSpan? Next(int tries) => tries <= Delays.Length ? Delays[tries - 1] : null;
}
