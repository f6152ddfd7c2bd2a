using System.Globalization;
using Microsoft.AspNetCore.Mvc.Filters;

namespace MerchantPortal.Checkout;

/// <summary>
/// What every answer below <c>/pay</c> has in common: nothing keeps it, nothing frames it, nothing from another host runs in it, and
/// the token leaves in no Referer. Also sets the language for what is rendered.
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
        headers.ContentSecurityPolicy = Policy([]);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        await next();
    }

    /// <param name="gatewayOrigins">Where the page's forms may end up besides here: the answer to one redirects to a gateway.</param>
    public static string Policy(IReadOnlyList<string> gatewayOrigins) =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + $"form-action {string.Join(' ', ["'self'", .. gatewayOrigins])}; base-uri 'none'; frame-ancestors 'none'";
}
