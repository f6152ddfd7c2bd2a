using Microsoft.AspNetCore.Identity;

namespace MerchantPortal.Accounts;

/// <summary>Checks a password and opens a session. Every refusal looks and takes the same: unknown person, wrong password, locked out.</summary>
public sealed class SignIn(UserManager<PortalUser> users, SignInManager<PortalUser> signIns, IPasswordHasher<PortalUser> hasher)
{
    /// <summary>Compared against for an unknown email, so that the answer takes as long as for a known one.</summary>
    private static string? _decoy;

    /// <returns>False when refused.</returns>
    public async Task<bool> ExecuteAsync(string email, string password)
    {
        if (password.Length > PasswordRules.MaxLength)
        {
            return false;
        }

        var user = await users.FindByEmailAsync(email.Trim());
        if (user is null || await users.IsLockedOutAsync(user))
        {
            _decoy ??= hasher.HashPassword(new PortalUser(), Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(new PortalUser(), _decoy, password);
            return false;
        }

        var result = await signIns.PasswordSignInAsync(user, password, isPersistent: false, lockoutOnFailure: true);
        return result.Succeeded;
    }
}
