using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>
/// Adds up a filter. By time, status and flags that is a sum of tallies, a few rows a day, and of the two ends that do not fill a span; anything
/// narrower is added up from its orders.
/// </summary>
internal static class OrderSums
{
    private static readonly OrderTotals Nothing = new(0, 0, 0);

    /// <summary>Whether adding up reads no more than a screen or two: such totals can come with the page, others after it.</summary>
    public static bool IsQuick(OrderFilter filter) => filter.Channel is not { Length: > 0 } && OrderSearch.AmountOf(filter) is null;

    public static async Task<OrderTotals> OfAsync(PortalDbContext db, Guid storeId, OrderFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Search?.Trim() is { Length: > 0 } || filter.Channel is { Length: > 0 })
        {
            return await OfOrdersAsync(await OrderSearch.MatchingAsync(db, storeId, filter, cancellationToken), cancellationToken);
        }

        var first = filter.From is { } from ? RoundUp(from) : (long?)null;
        var end = filter.Until?.ToUnixTimeMilliseconds() / OrderTally.SpanMilliseconds;
        if (first >= end)
        {
            return await OfOrdersAsync(OrderSearch.Matching(db, storeId, filter, null), cancellationToken);
        }

        var sum = await OfTalliesAsync(Tallies(db, storeId, filter, first, end), cancellationToken);
        if (first is { } whole && StartOf(whole) > filter.From)
        {
            sum = Plus(sum, await OfOrdersAsync(OrderSearch.Matching(db, storeId, filter with { Until = StartOf(whole) }, null), cancellationToken));
        }

        return end is { } last && StartOf(last) < filter.Until
            ? Plus(sum, await OfOrdersAsync(OrderSearch.Matching(db, storeId, filter with { From = StartOf(last) }, null), cancellationToken))
            : sum;
    }

    private static IQueryable<OrderTally> Tallies(PortalDbContext db, Guid storeId, OrderFilter filter, long? first, long? end)
    {
        var tallies = db.OrderTallies.AsNoTracking().Where(tally => tally.StoreId == storeId);
        tallies = first is { } from ? tallies.Where(tally => tally.Span >= from) : tallies;
        tallies = end is { } until ? tallies.Where(tally => tally.Span < until) : tallies;
        var flags = filter.AnyFlag;
        tallies = flags == OrderFlags.None ? tallies : tallies.Where(tally => (tally.Flags & flags) != OrderFlags.None);
        return filter.Statuses is { Count: > 0 } statuses ? tallies.Where(tally => statuses.Contains(tally.Status)) : tallies;
    }

    private static async Task<OrderTotals> OfTalliesAsync(IQueryable<OrderTally> tallies, CancellationToken cancellationToken) =>
        await tallies.GroupBy(_ => 1)
            .Select(all => new OrderTotals(all.Sum(tally => tally.Count), all.Sum(tally => tally.Paid), all.Sum(tally => tally.Refunded)))
            .SingleOrDefaultAsync(cancellationToken) ?? Nothing;

    private static async Task<OrderTotals> OfOrdersAsync(IQueryable<Order> orders, CancellationToken cancellationToken) =>
        await orders.GroupBy(_ => 1)
            .Select(all => new OrderTotals(all.Count(), all.Sum(order => order.PaidAmount), all.Sum(order => order.RefundedAmount)))
            .SingleOrDefaultAsync(cancellationToken) ?? Nothing;

    private static OrderTotals Plus(OrderTotals one, OrderTotals other) =>
        new(one.Count + other.Count, one.Gross + other.Gross, one.Refunded + other.Refunded);

    private static long RoundUp(DateTimeOffset at) =>
        (at.ToUnixTimeMilliseconds() + OrderTally.SpanMilliseconds - 1) / OrderTally.SpanMilliseconds;

    private static DateTimeOffset StartOf(long span) => DateTimeOffset.FromUnixTimeMilliseconds(span * OrderTally.SpanMilliseconds);
}
