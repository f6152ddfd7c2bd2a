using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace MerchantPortal.Accounts;

/// <summary>Changes the signed-in person's password. The security stamp changes with it, so every other session ends.</summary>
public sealed class ChangePassword(UserManager<PortalUser> users, SignInManager<PortalUser> signIns)
{
    /// <returns>A code per fault; empty when the password has been changed.</returns>
    public async Task<IReadOnlyList<string>> ExecuteAsync(ClaimsPrincipal person, string current, string next)
    {
        var user = await users.GetUserAsync(person) ?? throw new UnauthorizedAccessException("Nobody is signed in.");
        var result = await users.ChangePasswordAsync(user, current, next);
        if (!result.Succeeded)
        {
            return [.. result.Errors.Select(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? "password_wrong" : error.Code)];
        }

        await signIns.RefreshSignInAsync(user);
        return [];
    }
}
