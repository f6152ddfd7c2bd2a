using System.Globalization;

namespace MerchantPortal.Shell;

/// <summary>The store's own calendar: its zone, and the hour at which its business day starts.</summary>
public sealed record StoreTime(TimeZoneInfo Zone, int DayStartsAtHour)
{
    /// <param name="timeZone">IANA name. An unknown one counts as UTC: a wrong setting must not take the console down.</param>
    public static StoreTime Of(string timeZone, int dayStartsAtHour) =>
        new(TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) ? zone : TimeZoneInfo.Utc, dayStartsAtHour);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The business day that the instant belongs to: before the cut-over hour it is still yesterday.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime.AddHours(-DayStartsAtHour));

    /// <summary>The instant at which the business day starts. A start inside a clock change moves to the first hour that exists.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(new TimeOnly(DayStartsAtHour, 0));
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Date, time and the zone's offset: <c>2026-11-21 14:03:22 (UTC+08:00)</c>.</summary>
    public string Full(DateTimeOffset at)
    {
        var local = Local(at);
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss} (UTC{local:zzz})");
    }

    /// <summary><c>2026-11-21 14:03</c>.</summary>
    public string Minute(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-21 14:03:22</c>.</summary>
    public string Second(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
