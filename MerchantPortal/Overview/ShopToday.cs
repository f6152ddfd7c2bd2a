using MerchantPortal.Cases;
using MerchantPortal.Orders;

namespace MerchantPortal.Overview;

/// <summary>What the overview shows, as of one moment. Amounts are 分.</summary>
/// <param name="PaidToday">Since the business day began.</param>
/// <param name="PaidWeekAgo">On the same weekday a week ago, up to the same time of day.</param>
/// <param name="Waiting">Orders that wait for the buyer.</param>
/// <param name="Days">The last 14 business days, oldest first; the last one is today.</param>
public sealed record ShopToday(
    Takings PaidToday,
    Takings PaidWeekAgo,
    Takings Waiting,
    ActionList NeedsAction,
    CallbackHealth Callbacks,
    IReadOnlyList<DayTakings> Days,
    IReadOnlyList<LatestOrder> Latest,
    FirstSteps Steps);

public sealed record Takings(long Amount, int Count);

public sealed record DayTakings(DateOnly Day, long Amount, int Count);

public sealed record LatestOrder(
    string Number, string Subject, long Amount, OrderStatus Status, OrderFlags Flags, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="Cases">The newest open cases, a few.</param>
/// <param name="CaseCount">All open cases.</param>
/// <param name="Orders">The newest orders that are flagged and have no open case, a few.</param>
/// <param name="OrderCount">All of those.</param>
/// <param name="FailedRefunds">Refunds without a case that failed or need a hand in the gateway's console.</param>
public sealed record ActionList(IReadOnlyList<CaseRow> Cases, int CaseCount, IReadOnlyList<LatestOrder> Orders, int OrderCount, int FailedRefunds)
{
    public int Total => CaseCount + OrderCount + FailedRefunds;
}

/// <summary>The last 24 hours.</summary>
/// <param name="Verified">Proven to come from the gateway.</param>
/// <param name="Rejected">Not proven.</param>
/// <param name="Deferred">Verified, waiting for the next try; at any time.</param>
/// <param name="Rescued">Payments whose callback had not come: asking found them.</param>
public sealed record CallbackHealth(int Verified, int Rejected, int Deferred, int Rescued);

/// <summary>What a new shop has done so far.</summary>
/// <param name="TookPayment">An order has been paid.</param>
public sealed record FirstSteps(bool TookPayment, bool HasWeChat, bool HasAlipay)
{
    public bool AllDone => TookPayment && HasWeChat && HasAlipay;
}
