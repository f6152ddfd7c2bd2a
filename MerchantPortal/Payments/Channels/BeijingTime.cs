using System.Globalization;

namespace MerchantPortal.Payments.Channels;

/// <summary>The wall clock of gateways that write times without an offset.</summary>
internal static class BeijingTime
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c>, fractions cut off.</summary>
    public static string Write(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString(Format, CultureInfo.InvariantCulture);

    /// <returns>UTC; null when the text is missing or not <c>yyyy-MM-dd HH:mm:ss</c> with at most three decimals.</returns>
    public static DateTimeOffset? Read(string? text) =>
        DateTime.TryParseExact(
            text, [Format, Format + ".f", Format + ".ff", Format + ".fff"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            ? new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime()
            : null;
}
