using Microsoft.Extensions.Localization;

namespace MerchantPortal.Shell;

/// <summary>"3 minutes ago", "in 2 hours": the coarse distance of an instant.</summary>
internal static class RelativeWords
{
    public static string Of(DateTimeOffset at, DateTimeOffset now, IStringLocalizer<ShellText> text)
    {
        var distance = now - at;
        var (amount, unit) = Coarse(distance.Duration());
        if (unit.Length == 0)
        {
            return text["JustNow"];
        }

        return text.Count((distance > TimeSpan.Zero ? "Ago" : "In") + unit, amount);
    }

    private static (int Amount, string Unit) Coarse(TimeSpan distance) => distance switch
    {
        { TotalSeconds: < 45 } => (0, ""),
        { TotalMinutes: < 59.5 } => ((int)Math.Round(distance.TotalMinutes), "Minutes"),
        { TotalHours: < 23.5 } => ((int)Math.Round(distance.TotalHours), "Hours"),
        _ => ((int)Math.Round(distance.TotalDays), "Days"),
    };
}
