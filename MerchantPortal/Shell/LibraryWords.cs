using System.Globalization;
using Microsoft.Extensions.Localization;
using Radzen;

namespace MerchantPortal.Shell;

/// <summary>Lets the component library speak the console's languages: it brings no Chinese.</summary>
internal sealed class LibraryWords(IStringLocalizer<LibraryText> text) : ILocalizer
{
    /// <returns>Null for what the console does not use: the library's English stands then.</returns>
    public string? Get(string key, CultureInfo culture) => text[key] is { ResourceNotFound: false } word ? word.Value : null;
}
