using Microsoft.AspNetCore.Localization;

namespace MerchantPortal.Shell;

/// <summary>Which language a request speaks: the person's cookie, else the store's language, else the browser's, else Chinese.</summary>
public static class CultureChoice
{
    public const string Chinese = "zh-CN";
    public const string English = "en";

    /// <summary>Claim of a signed-in person: the store's language.</summary>
    public const string LanguageClaim = "language";

    public static bool IsKnown(string? culture) => culture is Chinese or English;

    public static void Configure(RequestLocalizationOptions options)
    {
        options.SetDefaultCulture(Chinese).AddSupportedCultures(Chinese, English).AddSupportedUICultures(Chinese, English);
        options.RequestCultureProviders =
        [
            new CookieRequestCultureProvider { Options = options },
            new CustomRequestCultureProvider(context => Task.FromResult(
                context.User.FindFirst(LanguageClaim)?.Value is { } language ? new ProviderCultureResult(language) : null)),
            new AcceptLanguageHeaderRequestCultureProvider { Options = options },
        ];
    }

    /// <summary>Remembers the choice in this browser for a year.</summary>
    public static void Remember(HttpContext context, string culture) =>
        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
            });
}
