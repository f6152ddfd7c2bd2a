using System.Globalization;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>The gateways' wall clock; China has had no summer time since 1991.</summary>
internal static class Beijing
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    private const string Format = "yyyy-MM-dd HH:mm:ss";

    private const string CompactFormat = "yyyyMMddHHmmss";

    public static string Rfc3339(DateTimeOffset instant) => instant.ToOffset(Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Without an offset, as Alipay writes it.</summary>
    public static string Wall(DateTimeOffset instant) => instant.ToOffset(Offset).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Fourteen digits, as Tenpay writes it.</summary>
    public static string Compact(DateTimeOffset instant) => instant.ToOffset(Offset).ToString(CompactFormat, CultureInfo.InvariantCulture);

    /// <returns>Null when the text is not of the form that <see cref="Compact"/> writes.</returns>
    public static DateTimeOffset? ParseCompact(string? text) => Parse(text, CompactFormat);

    /// <returns>Null when the text is not of the form that <see cref="Wall"/> writes.</returns>
    public static DateTimeOffset? ParseWall(string? text) => Parse(text, Format);

    private static DateTimeOffset? Parse(string? text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) ? new DateTimeOffset(wall, Offset) : null;
}
