namespace MerchantPortal.Orders;

/// <summary>
/// One line of a store's numbered feed, written in the same commit as the change. A reader that holds the last number it
/// saw can always continue without a gap. The row only says "look": the order itself is read anew.
/// </summary>
public sealed class FeedEntry
{
    public required Guid StoreId { get; init; }

    /// <summary>1, 2, 3 … per store, in commit order.</summary>
    public required long Number { get; init; }

    public required Guid OrderId { get; init; }

    public required string OrderNumber { get; init; }

    public required TimelineKind Kind { get; init; }

    public required OrderStatus Status { get; init; }

    public required OrderFlags Flags { get; init; }

    public required DateTimeOffset At { get; init; }
}
