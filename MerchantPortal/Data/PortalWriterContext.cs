using MerchantPortal.Orders;

namespace MerchantPortal.Data;

/// <summary>Whom the writer tells of its commits, and by which clock it loses patience.</summary>
public sealed record PortalWriterContext(FeedSignal Signal, PortalMetrics Metrics, Failpoints Failpoints, TimeProvider Time, ILogger<PortalWriter> Logger);
