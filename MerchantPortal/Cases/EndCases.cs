using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Cases;

/// <summary>What the end of a case means for its order.</summary>
internal static class EndCases
{
    /// <summary>Takes the flags off the order that no open case of it upholds, and tells its timeline and the feed. Nothing for a case without an order.</summary>
    public static async Task RecordEndAsync(this PortalDbContext db, Case ended, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ended.OrderId is not { } orderId)
        {
            return;
        }

        var order = await db.Orders.SingleAsync(row => row.Id == orderId, cancellationToken);
        order.Flags &= Upheld(await db.OpenCasesOfAsync(orderId, cancellationToken));
        var data = new Dictionary<string, string> { ["case"] = ended.Kind.ToString(), ["resolution"] = (ended.Resolution ?? CaseResolution.Settled).ToString() };
        if (ended.ResolutionReason is { } reason)
        {
            data["reason"] = reason;
        }

        await db.RecordAsync(order, TimelineKind.CaseResolved, actor, now, cancellationToken, data);
    }

    internal static OrderFlags Upheld(IEnumerable<Case> open) => open.Aggregate(OrderFlags.None, (flags, found) => flags | found.Kind switch
    {
        // Late money may have found its pieces sold: then the order needs a review as well.
        CaseKind.LateMoney => OrderFlags.PaidLate | OrderFlags.NeedsReview,
        CaseKind.DuplicateMoney => OrderFlags.DuplicateMoney,
        CaseKind.ShortMoney => OrderFlags.NeedsReview,
        CaseKind.OverMoney => OrderFlags.NeedsReview,
        CaseKind.UnknownOrder => OrderFlags.NeedsReview,
        CaseKind.DeadCallback => OrderFlags.NeedsReview,
        CaseKind.Contradiction => OrderFlags.NeedsReview,
        CaseKind.WitnessesDisagree => OrderFlags.NeedsReview,
        CaseKind.RefundFailed => OrderFlags.NeedsReview,
        CaseKind.BillDifference => OrderFlags.NeedsReview,
        CaseKind.AccountBroken => OrderFlags.NeedsReview,
    });
}
