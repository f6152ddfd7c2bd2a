using System.Security.Claims;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Accounts;

/// <summary>Puts the store, the name to show and the store's language beside Identity's own claims.</summary>
internal sealed class PortalClaimsFactory(UserManager<PortalUser> users, IOptions<IdentityOptions> options, StoreQueries stores)
    : UserClaimsPrincipalFactory<PortalUser>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PortalUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        var store = await stores.GetAsync(user.StoreId, CancellationToken.None);
        identity.AddClaim(new Claim(PortalClaims.StoreId, user.StoreId.ToString()));
        identity.AddClaim(new Claim(PortalClaims.DisplayName, user.DisplayName));
        identity.AddClaim(new Claim(CultureChoice.LanguageClaim, store.Language));
        return identity;
    }
}
