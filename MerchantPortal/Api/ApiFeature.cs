using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MerchantPortal.Api;

public static class ApiFeature
{
    public const string Root = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddSingleton<ApiKeyQueries>();
        services.AddSingleton<TouchApiKey>();
        services.AddSingleton<CreateApiKey>();
        services.AddSingleton<RevokeApiKey>();
        services.AddSingleton<FailedKeyRate>();
        services.AddSingleton<ApiCursors>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<PruneIdempotencyRecords>();
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddOpenApi(options => options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true);
        return services;
    }

    /// <summary>Before anything that answers by itself: every error below <c>/api</c> is a problem document.</summary>
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/openapi"), api =>
        {
            api.UseMiddleware<ApiErrors>();
            api.Use(NameCallerAsync);
            // Codes and sentences are for programs: the caller's language changes nothing.
            api.Use((context, next) =>
            {
                CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
                return next(context);
            });
        });
        return app;
    }

    /// <summary>Even where no call matches: who holds a key learns that there is nothing, and not that the key is missing.</summary>
    private static async Task NameCallerAsync(HttpContext context, RequestDelegate next)
    {
        if (await context.AuthenticateAsync(ApiKeyAuthentication.SchemeName) is { Succeeded: true, Principal: { } caller })
        {
            context.User = caller;
        }

        await next(context);
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        // Who holds a key was named by UseApi; anybody else has to be signed in.
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization();
        return app;
    }

    /// <summary>Where a feature maps its calls: API key required, bad bodies refused.</summary>
    public static RouteGroupBuilder MapApiV1(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Root)
            .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyAuthentication.SchemeName).RequireAuthenticatedUser().Build())
            .DisableAntiforgery();
        group.AddEndpointFilter(new RefuseBadBodies());
        return group;
    }

    /// <summary>The key must hold this scope, or all of them.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder call, string scope) => call.AddEndpointFilter(new RequireScope(scope));

    /// <summary>The call creates something: an <c>Idempotency-Key</c> makes it safe to repeat.</summary>
    /// <param name="isStillGood">Whether a kept answer may be given again at this moment; where it may not, the call runs again. Null: for ever.</param>
    public static RouteHandlerBuilder Once(this RouteHandlerBuilder call, Func<ApiAnswer, DateTimeOffset, bool>? isStillGood = null) => call.AddEndpointFilterFactory((factory, next) =>
    {
        var services = factory.ApplicationServices;
        var filter = new AnswerOnce(services.GetRequiredService<Idempotency>(), services.GetRequiredService<TimeProvider>(), isStillGood);
        return context => filter.InvokeAsync(context, next);
    });
}
