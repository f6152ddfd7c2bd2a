using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Shell;

/// <summary>What every answer tells the browser not to do.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// Nothing from elsewhere, nothing inline. Two exceptions: the component library writes style attributes, and product pictures
    /// may lie at any https address.
    /// </summary>
    public const string ConsolePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            Set(context);
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.GetEndpoint()?.Metadata.GetMetadata<OwnContentPolicyAttribute>() is not null)
        {
            return;
        }

        headers.ContentSecurityPolicy = ConsolePolicy;
        // Pages show money and people: no cache may keep them. Static files set their own rule.
        headers.TryAdd(HeaderNames.CacheControl, "no-store");
    }
}
