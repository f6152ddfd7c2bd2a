using System.Globalization;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Shell;

/// <summary>Texts that tell how many: English has another word for one.</summary>
internal static class CountedText
{
    /// <summary>The text <c>{name}One</c> for one thing, else the text <c>{name}</c>.</summary>
    /// <param name="count">The text's {0}, in groups of three digits.</param>
    /// <param name="more">Its {1} and so on.</param>
    public static LocalizedString Count(this IStringLocalizer text, string name, long count, params object[] more) =>
        text[count == 1 ? $"{name}One" : name, [count.ToString("#,0", CultureInfo.InvariantCulture), .. more]];
}
