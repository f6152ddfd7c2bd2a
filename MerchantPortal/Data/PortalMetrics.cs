using System.Diagnostics.Metrics;

namespace MerchantPortal.Data;

/// <summary>What the portal counts; any .NET metrics listener can read the meter <c>MerchantPortal</c>.</summary>
public static class PortalMetrics
{
    public const string MeterName = "MerchantPortal";

    private static readonly Meter Meter = new(MeterName);

    /// <summary><c>portal.commits</c>: transactions committed, each one sync to disk.</summary>
    internal static readonly Counter<long> Commits = Meter.CreateCounter<long>("portal.commits");
}
