using Microsoft.AspNetCore.Identity;

namespace MerchantPortal.Accounts;

/// <summary><see cref="PasswordRules"/> where Identity sets a password.</summary>
internal sealed class PasswordPolicy : IPasswordValidator<PortalUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password)
    {
        var errors = PasswordRules.Check(password ?? "", user.Email).Select(code => new IdentityError { Code = code }).ToArray();
        return Task.FromResult(errors.Length == 0 ? IdentityResult.Success : IdentityResult.Failed(errors));
    }
}
