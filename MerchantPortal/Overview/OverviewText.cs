namespace MerchantPortal.Overview;

/// <summary>Names the texts of the overview page.</summary>
public sealed class OverviewText;
