using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Accounts;

public static class AccountsFeature
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        AddIdentity(services);
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>>(provider => provider.GetRequiredService<SessionCookie>());
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>>(provider => provider.GetRequiredService<SessionCookie>());
        // Deny by default; a page that anybody may see says so itself.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        services.AddSingleton<SecurityStamps>();
        services.AddScoped<AuthenticationStateProvider, CircuitRevalidation>();
        services.AddSingleton<StoreQueries>();
        services.AddSingleton<OwnerQueries>();
        services.AddSingleton<SetupToken>();
        services.AddSingleton<CreateOwner>();
        services.AddScoped<SetUpPortal>();
        services.AddScoped<SignIn>();
        services.AddScoped<ChangePassword>();
        services.AddHostedService<FirstStart>();
        return services;
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        // Stateless, and needed by CreateOwner, which is a singleton.
        services.AddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddScoped<IPasswordValidator<PortalUser>, PasswordPolicy>();
        services.AddIdentityCore<PortalUser>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.User.RequireUniqueEmail = true;
                options.Lockout.MaxFailedAccessAttempts = 8;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddEntityFrameworkStores<Data.PortalDbContext>()
            .AddClaimsPrincipalFactory<PortalClaimsFactory>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        // PasswordPolicy replaces Identity's own rules of composition.
        services.Configure<IdentityOptions>(options => options.Password = new PasswordOptions
        {
            RequiredLength = 1,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
            RequiredUniqueChars = 0,
        });
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = SessionRules.StampCheck;
            options.OnRefreshingPrincipal = context =>
            {
                SessionRules.Carry(context.CurrentPrincipal!, context.NewPrincipal!);
                return Task.CompletedTask;
            };
        });
    }
}
