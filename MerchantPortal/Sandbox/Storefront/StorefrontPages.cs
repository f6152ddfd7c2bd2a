using MerchantPortal.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantPortal.Sandbox.Storefront;

/// <summary>A shop's page to try the payment button on, under the policy that a strict shop would send.</summary>
internal static class StorefrontPages
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1"];

    public static void Map(IEndpointRouteBuilder sandbox) =>
        sandbox.MapGet("/shop", SandboxAccess.ForStaff(ShowAsync)).WithMetadata(new OwnContentPolicyAttribute());

    private static async Task ShowAsync(HttpContext http)
    {
        if (SandboxLanguage.Switch(http))
        {
            return;
        }

        var portal = http.RequestServices.GetRequiredService<PortalUrls>().Base;
        var origin = portal.GetLeftPart(UriPartial.Authority);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; img-src data:; script-src {origin}; frame-src {origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        await new RazorComponentResult<StorefrontPage>(new Dictionary<string, object?>
        {
            ["Cart"] = await http.RequestServices.GetRequiredService<StorefrontQueries>().NewestAsync(http.RequestAborted),
            ["Portal"] = portal,
            ["Here"] = $"{http.Request.Scheme}://{http.Request.Host}",
            ["Elsewhere"] = Elsewhere(http.Request),
        }).ExecuteAsync(http);
    }

    /// <summary>The same page under this machine's other name: for a browser another site.</summary>
    /// <returns>Null when the page was not asked for on this machine.</returns>
    private static string? Elsewhere(HttpRequest request) =>
        LoopbackHosts.Contains(request.Host.Host) && LoopbackHosts.First(host => host != request.Host.Host) is { } other
            ? $"{request.Scheme}://{other}{(request.Host.Port is { } port ? $":{port}" : "")}{request.Path}"
            : null;
}
