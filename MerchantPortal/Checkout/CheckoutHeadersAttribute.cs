using System.Globalization;
using Microsoft.AspNetCore.Mvc.Filters;

namespace MerchantPortal.Checkout;

/// <summary>
/// What every answer below <c>/pay</c> has in common: nothing keeps it, nothing frames it (but see <see cref="EmbedPolicy"/>), nothing
/// from another host runs in it, and the token leaves in no Referer. Also sets the language for what is rendered.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CheckoutHeadersAttribute : Attribute, IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var request = context.HttpContext.Request;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture =
            CultureInfo.GetCultureInfo(CheckoutLanguage.Chosen(request) ?? CheckoutLanguage.Of(request));
        var headers = context.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy();
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        await next();
    }

    /// <param name="scriptOrigin">
    /// The one host besides this one whose script runs in the answer, and which that script may ask; null for none. Forms lead nowhere
    /// but here: the way to a gateway is a page of ours, because browsers hold a form to this policy through all redirects.
    /// </param>
    /// <param name="frameAncestors">Whose pages may show this one inside them.</param>
    public static string Policy(string? scriptOrigin = null, string frameAncestors = EmbedPolicy.Nobody)
    {
        var self = scriptOrigin is null ? "'self'" : $"'self' {scriptOrigin}";
        return $"default-src 'none'; script-src {self}; style-src {self}; img-src {self} data:; connect-src {self}; "
            + (scriptOrigin is null ? "" : $"frame-src {scriptOrigin}; ")
            + $"form-action {self}; base-uri 'none'; frame-ancestors {frameAncestors}";
    }
}
