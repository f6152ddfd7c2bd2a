using System.Globalization;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>The gateways' wall clock; China has had no summer time since 1991.</summary>
internal static class Beijing
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    private const string Format = "yyyy-MM-dd HH:mm:ss";

    public static string Rfc3339(DateTimeOffset instant) => instant.ToOffset(Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Without an offset, as Alipay writes it.</summary>
    public static string Wall(DateTimeOffset instant) => instant.ToOffset(Offset).ToString(Format, CultureInfo.InvariantCulture);

    /// <returns>Null when the text is not of the form that <see cref="Wall"/> writes.</returns>
    public static DateTimeOffset? ParseWall(string? text) =>
        DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) ? new DateTimeOffset(wall, Offset) : null;
}
