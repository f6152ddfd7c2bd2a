using System.Security.Claims;
using System.Text.Encodings.Web;
using MerchantPortal.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Api;

/// <summary>Bearer API keys. Only the hash of a key is known here; a revoked key stops at once.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyQueries keys, TouchApiKey touch, FailedKeyRate failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string ScopesClaim = "scopes";

    private const string Bearer = "Bearer ";
    private const int MaxKeyLength = 200;

    private bool _tooMany;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var presented = header[Bearer.Length..].Trim();
        if (presented.Length is 0 or > MaxKeyLength || await keys.FindUsableAsync(presented, Context.RequestAborted) is not { } key)
        {
            _tooMany = !failures.TryTake(Context.Connection.RemoteIpAddress);
            return AuthenticateResult.Fail("The API key is unknown or revoked.");
        }

        await touch.ExecuteAsync(key, Context.RequestAborted);
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(key), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_tooMany)
        {
            var slowDown = ApiAnswer.Problem(StatusCodes.Status429TooManyRequests, "too_many_failures", "Too many requests with unknown keys from this address.");
            return (slowDown with { RetryAfter = 1 }).ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiAnswer.Problem(StatusCodes.Status401Unauthorized, "unauthenticated", "Send a valid API key as: Authorization: Bearer <key>.").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiAnswer.Problem(StatusCodes.Status403Forbidden, "forbidden", "This key may not do that.").ExecuteAsync(Context);

    private static ClaimsPrincipal PrincipalOf(ApiKey key) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, key.Id.ToString()),
            new Claim(PortalClaims.StoreId, key.StoreId.ToString()),
            new Claim(PortalClaims.DisplayName, key.Name),
            new Claim(ScopesClaim, key.Scopes),
        ],
        SchemeName));
}
