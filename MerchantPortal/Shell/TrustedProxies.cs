using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace MerchantPortal.Shell;

/// <summary>
/// Believes <c>X-Forwarded-For</c> from the proxies that <c>Portal:TrustedProxies</c> names, and from nobody else: whoever reaches the
/// server directly could write anything there.
/// </summary>
public static class TrustedProxies
{
    private const string Setting = "Portal:TrustedProxies";

    /// <exception cref="FormatException">The setting has something else than IP addresses with commas between them.</exception>
    public static WebApplication UseTrustedProxies(this WebApplication app)
    {
        var proxies = (app.Configuration[Setting] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (proxies.Length == 0)
        {
            return app;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownProxies.Add(IPAddress.TryParse(proxy, out var address)
                ? address
                : throw new FormatException($"{Setting} must be IP addresses with commas between them."));
        }

        app.UseForwardedHeaders(options);
        return app;
    }
}
