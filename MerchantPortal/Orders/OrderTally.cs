namespace MerchantPortal.Orders;

/// <summary>How many orders of one status and with the same flags were placed in one span of time, and what they brought. Kept by the database itself. Amounts are 分.</summary>
public sealed class OrderTally
{
    /// <summary>Eight hours: days of China's zone, and of UTC, are whole spans.</summary>
    public const long SpanMilliseconds = 8 * 3600 * 1000;

    public required Guid StoreId { get; init; }

    /// <summary>Number of the span, counted from 1970 in UTC.</summary>
    public required long Span { get; init; }

    public required OrderStatus Status { get; init; }

    public required OrderFlags Flags { get; init; }

    public required int Count { get; init; }

    public required long Paid { get; init; }

    public required long Refunded { get; init; }
}
