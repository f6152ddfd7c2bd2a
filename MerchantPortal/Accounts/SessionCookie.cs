using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Accounts;

/// <summary>The session's cookie. Behind https it is bound to this host (<c>__Host-</c>) and never travels in the clear.</summary>
internal sealed class SessionCookie(IConfiguration configuration, TimeProvider time, OwnerQueries owners)
    : IConfigureNamedOptions<CookieAuthenticationOptions>, IConfigureOptions<AntiforgeryOptions>
{
    private bool IsHttps =>
        Uri.TryCreate(configuration["Portal:PublicBaseUrl"], UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps;

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name != IdentityConstants.ApplicationScheme)
        {
            return;
        }

        Harden(options.Cookie, "portal");
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.LoginPath = "/account/sign-in";
        options.LogoutPath = "/account/sign-out";
        options.AccessDeniedPath = "/not-found";
        options.ReturnUrlParameter = "returnUrl";
        options.ExpireTimeSpan = SessionRules.Idle;
        options.SlidingExpiration = true;
        options.Events.OnSigningIn = context =>
        {
            SessionRules.Mark(context.Principal!, time.GetUtcNow());
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = RedirectAsync;
    }

    public void Configure(CookieAuthenticationOptions options) => Configure(Options.DefaultName, options);

    public void Configure(AntiforgeryOptions options)
    {
        Harden(options.Cookie, "portal-form");
        options.Cookie.SameSite = SameSiteMode.Strict;
        // SecurityHeaders sends the stricter frame-ancestors.
        options.SuppressXFrameOptionsHeader = true;
    }

    private void Harden(CookieBuilder cookie, string name)
    {
        cookie.Name = IsHttps ? "__Host-" + name : name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SecurePolicy = IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    private async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (SessionRules.IsTooOld(context.Principal!, time.GetUtcNow()))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        await SecurityStampValidator.ValidatePrincipalAsync(context);
    }

    /// <summary>Who is not signed in goes to sign-in, or to set-up while nobody owns the portal. Programs get a plain 401.</summary>
    private async Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Path.StartsWithSegments("/_blazor") || request.Path.StartsWithSegments("/api"))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var owned = await owners.ExistsAsync(context.HttpContext.RequestAborted);
        context.Response.Redirect(owned ? context.RedirectUri : "/setup");
    }
}
