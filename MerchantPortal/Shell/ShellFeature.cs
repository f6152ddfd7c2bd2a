using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.WebEncoders;
using Radzen;

namespace MerchantPortal.Shell;

public static class ShellFeature
{
    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            // Gateways send their headers at once; who takes his time holds a connection that they need.
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        });
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddShellComponents();
        // Chinese goes over the wire as it is, not as a number per character. What HTML needs escaped still is.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RequestLocalizationOptions>(CultureChoice.Configure);
        services.AddGracefulStop();
        services.AddSingleton<PortalUrls>();
        services.AddSingleton<PortalSurroundings>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<StoreClock>();
        return services;
    }

    /// <summary>What the shell's own components need, in the console and in tests of pages.</summary>
    public static IServiceCollection AddShellComponents(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddRadzenComponents();
        services.AddScoped<ILocalizer, LibraryWords>();
        services.AddScoped<Overlays>();
        return services;
    }

    /// <summary>The order matters: who is it, which language, then the page.</summary>
    public static WebApplication UseShell(this WebApplication app)
    {
        app.UseGracefulStop();
        app.UseSecurityHeaders();
        if (!app.Environment.IsDevelopment())
        {
            app.UseExceptionHandler("/error", createScopeForErrors: true);
            app.UseHsts();
        }

        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(KeepBareStatus);
        app.UseAuthentication();
        app.UseRequestLocalization();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapShell(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    /// <summary>Gateways and merchants' systems get the status code, not a page about it.</summary>
    private static Task KeepBareStatus(HttpContext context, RequestDelegate next)
    {
        if (!WantsPage(context) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        return next(context);
    }

    /// <summary>A person's browser asked for a page, not a gateway or a merchant's system.</summary>
    private static bool WantsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/notify");
}
