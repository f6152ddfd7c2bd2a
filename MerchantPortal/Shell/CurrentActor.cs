using System.Security.Claims;
using MerchantPortal.Accounts;
using Microsoft.AspNetCore.Components.Authorization;

namespace MerchantPortal.Shell;

/// <summary>The signed-in person as the actor of a command, in pages and circuits.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in.</exception>
    public async Task<Actor> GetAsync() => await FindAsync() ?? throw new UnauthorizedAccessException("Nobody is signed in.");

    /// <returns>Null when nobody is signed in.</returns>
    public async Task<Actor?> FindAsync() => Of((await authentication.GetAuthenticationStateAsync()).User);

    /// <returns>Null when the principal is no signed-in person of a store.</returns>
    public static Actor? Of(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true
        && user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
        && Guid.TryParse(user.FindFirstValue(PortalClaims.StoreId), out var storeId)
            ? new Actor(storeId, ActorKind.Person, id, user.FindFirstValue(PortalClaims.DisplayName) ?? "")
            : null;
}
