namespace MerchantPortal.Orders;

/// <summary>Which orders a list is about. Null and empty mean "any".</summary>
/// <param name="Channel">A channel's public name: orders with an attempt through it.</param>
/// <param name="Search">One number (order, shop's own, <c>out_trade_no</c>, transaction) or an amount such as <c>12.34</c>.</param>
/// <param name="From">Created at or after.</param>
/// <param name="Until">Created before.</param>
public sealed record OrderFilter(
    IReadOnlyList<OrderStatus>? Statuses = null,
    OrderFlags AnyFlag = OrderFlags.None,
    string? Channel = null,
    string? Search = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null)
{
    /// <summary>Whatever a person has to look at.</summary>
    public const OrderFlags EveryFlag = OrderFlags.PaidLate | OrderFlags.DuplicateMoney | OrderFlags.NeedsReview;

    public static OrderFilter All { get; } = new();

    /// <summary>Two filters that find the same orders are equal, whoever made their lists of statuses.</summary>
    public bool Equals(OrderFilter? other) => other is not null
        && (AnyFlag, Channel, Search, From, Until) == (other.AnyFlag, other.Channel, other.Search, other.From, other.Until)
        && (Statuses ?? []).SequenceEqual(other.Statuses ?? []);

    public override int GetHashCode() => HashCode.Combine(AnyFlag, Channel, Search, From, Until, Statuses?.Count ?? 0);
}

/// <summary>Where a page starts. At most one is set; none is the newest page.</summary>
public readonly record struct OrderCursor(Guid? OlderThan = null, Guid? NewerThan = null)
{
    public static OrderCursor Newest => default;

    public bool IsNewest => OlderThan is null && NewerThan is null;
}

/// <summary>Newest first.</summary>
public sealed record OrderPage(IReadOnlyList<OrderSummary> Rows, bool HasNewer, bool HasOlder);

/// <summary>Over the whole filter, not over a page. Amounts are 分.</summary>
/// <param name="Gross">Received, surplus not counted.</param>
public sealed record OrderTotals(int Count, long Gross, long Refunded)
{
    public long Net => Gross - Refunded;
}

/// <summary>One line of a list. Two are equal when a reader would see no difference.</summary>
/// <param name="Channel">Of the paid attempt, else of the newest; null before the first.</param>
public sealed record OrderSummary(
    Guid Id,
    string Number,
    string? MerchantOrderNo,
    PaymentMode Mode,
    string Subject,
    string? Note,
    long Amount,
    OrderStatus Status,
    OrderFlags Flags,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PaidAt,
    int Version,
    string? Channel);
