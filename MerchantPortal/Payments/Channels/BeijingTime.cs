using System.Globalization;

namespace MerchantPortal.Payments.Channels;

/// <summary>The wall clock of gateways that write times without an offset.</summary>
internal static class BeijingTime
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    private const string CompactFormat = "yyyyMMddHHmmss";

    /// <summary>No gateway is older; in its first hours the calendar cannot tell UTC from Beijing.</summary>
    private const int FirstYear = 2000;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c>, fractions cut off.</summary>
    public static string Write(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary><c>yyyyMMddHHmmss</c>, fractions cut off.</summary>
    public static string WriteCompact(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Zone).ToString(CompactFormat, CultureInfo.InvariantCulture);

    /// <summary>The gateways' business day.</summary>
    public static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Zone).DateTime);

    /// <returns>UTC; null when the text is missing or not <c>yyyyMMddHHmmss</c>.</returns>
    public static DateTimeOffset? ReadCompact(string? text) => Read(text, CompactFormat);

    /// <returns>UTC; null when the text is missing or not <c>yyyy-MM-dd HH:mm:ss</c> with at most three decimals.</returns>
    public static DateTimeOffset? Read(string? text) => Read(text, Format, Format + ".f", Format + ".ff", Format + ".fff");

    /// <summary>Midnight at which the day begins, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => At(day, TimeOnly.MinValue);

    /// <summary>A moment of the day, in UTC.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly wall) =>
        new DateTimeOffset(day.ToDateTime(wall), Zone.GetUtcOffset(day.ToDateTime(wall))).ToUniversalTime();

    private static DateTimeOffset? Read(string? text, params string[] formats) =>
        DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && wall.Year >= FirstYear
            ? new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime()
            : null;
}
