using System.Globalization;

namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>Spans of time as short figures.</summary>
internal static class Latencies
{
    public static string Text(TimeSpan? span) => span switch
    {
        null => "–",
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{span.Value.TotalSeconds:0.0} s"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.Value.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.Value.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.Value.TotalHours:0.#} h"),
    };
}
