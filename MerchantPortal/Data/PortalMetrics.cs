using System.Diagnostics.Metrics;

namespace MerchantPortal.Data;

/// <summary>What the portal counts; any .NET metrics listener can read the meter <c>MerchantPortal</c>.</summary>
public sealed class PortalMetrics(IMeterFactory meters)
{
    public const string MeterName = "MerchantPortal";
    public const string CommitsName = "portal.commits";

    /// <summary>Transactions committed, each one sync to disk.</summary>
    internal Counter<long> Commits { get; } = meters.Create(MeterName).CreateCounter<long>(CommitsName);
}
