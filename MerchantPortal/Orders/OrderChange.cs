namespace MerchantPortal.Orders;

/// <summary>What has become of a filter's orders since the last change. Read once, shared by every list that shows the filter.</summary>
/// <param name="After">Where the change begins in the feed: a list that does not know the feed up to here has missed something.</param>
/// <param name="Number">The last number of the feed that is taken in.</param>
/// <param name="Rows">The changed orders as they are now, whether they match or not.</param>
/// <param name="Matching">Those that match.</param>
/// <param name="Totals">Of the filter; null until they have been read.</param>
public sealed record OrderChange(
    long After, long Number, IReadOnlyList<OrderSummary> Rows, IReadOnlyList<OrderSummary> Matching, OrderTotals? Totals);
