using MerchantPortal.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Accounts;

/// <summary>Form posts of the frame: sign-out, language, and the sign of life of an active page.</summary>
public static class AccountEndpoints
{
    public static WebApplication MapAccounts(this WebApplication app)
    {
        app.MapPost("/account/sign-out", async (SignInManager<PortalUser> signIns, [FromForm] string? returnUrl) =>
        {
            await signIns.SignOutAsync();
            return TypedResults.LocalRedirect(LocalUrl.OrRoot(returnUrl));
        }).AllowAnonymous();
        app.MapPost("/account/language", (HttpContext context, [FromForm] string culture, [FromForm] string? returnUrl) =>
        {
            if (CultureChoice.IsKnown(culture))
            {
                CultureChoice.Remember(context, culture);
            }

            return TypedResults.LocalRedirect(LocalUrl.OrRoot(returnUrl));
        }).AllowAnonymous();
        // Circuits send no cookies. While a person is active the page asks this now and then, and the session slides on.
        app.MapGet("/account/alive", () => TypedResults.NoContent());
        return app;
    }
}
