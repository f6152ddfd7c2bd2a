using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Captures' ids are made of the time of arrival, so that a span of time is a span of the ids which every list is in the order of.</summary>
internal static class CaptureTime
{
    /// <summary>Older versions made the id when the row was made, a little after the arrival.</summary>
    private const long MarginMilliseconds = 60_000;

    private static int _made;

    /// <summary>Of version 7 (RFC 9562). Those of one millisecond are counted, so that also they are in the order in which they were made.</summary>
    public static Guid NewId(DateTimeOffset receivedAt)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(receivedAt).TryWriteBytes(bytes, bigEndian: true, out _);
        var number = Interlocked.Increment(ref _made);
        bytes[6] = (byte)(0x70 | (number >> 22 & 0x0F));
        bytes[7] = (byte)(number >> 14);
        bytes[8] = (byte)(0x80 | (number >> 8 & 0x3F));
        bytes[9] = (byte)number;
        return new Guid(bytes, bigEndian: true);
    }

    public static IQueryable<T> ReceivedFrom<T>(this IQueryable<T> rows, DateTimeOffset from)
        where T : Capture
    {
        var first = OrderId.Floor(from.ToUnixTimeMilliseconds() - MarginMilliseconds);
        return rows.Where(row => row.Id >= first && row.ReceivedAt >= from);
    }

    public static IQueryable<T> ReceivedBefore<T>(this IQueryable<T> rows, DateTimeOffset to)
        where T : Capture
    {
        var end = OrderId.Floor(to.ToUnixTimeMilliseconds() + MarginMilliseconds);
        return rows.Where(row => row.Id < end && row.ReceivedAt < to);
    }
}
