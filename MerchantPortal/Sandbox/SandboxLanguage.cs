using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox;

/// <summary>The language links of the sandbox's plain pages.</summary>
internal static class SandboxLanguage
{
    /// <returns>True when the request chose a language and has been answered by sending it on.</returns>
    public static bool Switch(HttpContext http)
    {
        if (http.Request.Query["lang"].ToString() is not { Length: > 0 } language || !CultureChoice.IsKnown(language))
        {
            return false;
        }

        CultureChoice.Remember(http, language);
        http.Response.Redirect(http.Request.Path);
        return true;
    }
}
