using System.Buffers.Binary;

namespace MerchantPortal.Orders;

/// <summary>Order ids carry their time (RFC 9562, version 7), so a span of time is a span of ids.</summary>
public static class OrderId
{
    /// <summary>Not greater than any id made at or after the instant, and greater than every id made before it (by the millisecond).</summary>
    public static Guid Floor(DateTimeOffset instant) => Floor(instant.ToUnixTimeMilliseconds());

    /// <inheritdoc cref="Floor(DateTimeOffset)"/>
    /// <param name="milliseconds">Since 1970, UTC.</param>
    public static Guid Floor(long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, milliseconds) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
