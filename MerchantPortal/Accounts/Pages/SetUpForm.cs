using System.Globalization;
using MerchantPortal.Shell;

namespace MerchantPortal.Accounts.Pages;

/// <summary>The fields of the set-up page as the browser posts them.</summary>
internal sealed class SetUpForm
{
    public string? StoreName { get; set; }

    public string? TimeZone { get; set; } = "Asia/Shanghai";

    public int DayStartsAtHour { get; set; }

    public string? Language { get; set; } =
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? CultureChoice.Chinese : CultureChoice.English;

    public string? DisplayName { get; set; }

    public string? Email { get; set; }

    public string? Password { get; set; }

    public NewOwner ToNewOwner() => new(
        StoreName ?? "", TimeZone ?? "", DayStartsAtHour, Language ?? "", DisplayName ?? "", Email ?? "", Password ?? "");
}
