using Microsoft.AspNetCore.Identity;

namespace MerchantPortal.Accounts;

/// <summary>What the set-up page does: creates the owner, voids the link, opens the owner's first session.</summary>
public sealed class SetUpPortal(CreateOwner createOwner, SetupToken token, UserManager<PortalUser> users, SignInManager<PortalUser> signIns)
{
    public async Task<CreateOwnerResult> ExecuteAsync(NewOwner owner, CancellationToken cancellationToken)
    {
        var result = await createOwner.ExecuteAsync(owner with { ApiKey = null }, cancellationToken);
        if (result is CreateOwnerResult.Created created)
        {
            token.Revoke();
            var user = await users.FindByIdAsync(created.UserId.ToString())
                ?? throw new InvalidOperationException("The owner was created and cannot be found.");
            await signIns.SignInAsync(user, isPersistent: false);
        }

        return result;
    }
}
