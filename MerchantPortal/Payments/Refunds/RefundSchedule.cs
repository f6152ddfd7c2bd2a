namespace MerchantPortal.Payments.Refunds;

/// <summary>When the portal sends a refund again, or asks how it stands.</summary>
internal static class RefundSchedule
{
    /// <summary>After so many calls without a clear answer a person is told; the portal goes on asking.</summary>
    public const int TriesUntilCase = 6;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(6),
    ];

    /// <param name="tries">Calls so far. It never gives up: money that may have moved is asked about until the gateway says.</param>
    public static DateTimeOffset Next(int tries, DateTimeOffset now) => now + Delays[Math.Clamp(tries - 1, 0, Delays.Length - 1)];
}
