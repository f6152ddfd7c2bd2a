using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Accounts;

/// <summary>A circuit outlives its request: who was removed, or changed the password elsewhere, leaves within seconds.</summary>
internal sealed class CircuitRevalidation(
    ILoggerFactory loggers, SecurityStamps stamps, IOptions<IdentityOptions> options, TimeProvider time)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => SessionRules.StampCheck;

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var person = authenticationState.User;
        return !SessionRules.IsTooOld(person, time.GetUtcNow())
            && Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            && await stamps.OfAsync(id) is { } stamp
            && person.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType) == stamp;
    }
}
