using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Accounts;

/// <summary>A circuit outlives its request: who was removed, or changed the password elsewhere, leaves within seconds.</summary>
internal sealed partial class CircuitRevalidation(
    ILoggerFactory loggers, SecurityStamps stamps, IOptions<IdentityOptions> options, TimeProvider time)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<CircuitRevalidation>();

    protected override TimeSpan RevalidationInterval => SessionRules.StampCheck;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        MayStayAsync(authenticationState.User);

    /// <returns>True also while nobody can tell: a database that is away for a moment must not sign everybody out, and without it nobody does anything either.</returns>
    internal async Task<bool> MayStayAsync(ClaimsPrincipal person)
    {
        if (SessionRules.IsTooOld(person, time.GetUtcNow()) || !Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
        {
            return false;
        }

        try
        {
            return await stamps.OfAsync(id) is { } stamp && person.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType) == stamp;
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            Log.CannotTell(_logger, exception);
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2150, LogLevel.Warning, "Whether people are still signed in cannot be looked up now; asking again in seconds.")]
        public static partial void CannotTell(ILogger logger, Exception exception);
    }
}
