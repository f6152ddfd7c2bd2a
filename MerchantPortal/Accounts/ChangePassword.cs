using System.Security.Claims;
using System.Security.Cryptography;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>Changes the signed-in person's password. The security stamp changes with it, so every other session ends.</summary>
public sealed class ChangePassword(UserManager<PortalUser> users, SignInManager<PortalUser> signIns, PortalWriter writer, TimeProvider time)
{
    /// <returns>A code per fault; empty when the password has been changed.</returns>
    public async Task<IReadOnlyList<string>> ExecuteAsync(ClaimsPrincipal person, string current, string next)
    {
        var user = await users.GetUserAsync(person) ?? throw new UnauthorizedAccessException("Nobody is signed in.");
        if (!await users.CheckPasswordAsync(user, current))
        {
            return ["password_wrong"];
        }

        var faults = await FaultsAsync(user, next);
        if (faults.Count > 0)
        {
            return faults;
        }

        await SaveAsync(user, users.PasswordHasher.HashPassword(user, next));
        await signIns.RefreshSignInAsync(user);
        return [];
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(PortalUser user, string next)
    {
        var faults = new List<string>();
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, next);
            faults.AddRange(result.Errors.Select(error => error.Code));
        }

        return faults;
    }

    /// <summary>Through the portal's writer, not Identity's store: the audit entry belongs to the same commit.</summary>
    private async Task SaveAsync(PortalUser user, string hash)
    {
        var stamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
        await writer.WriteAsync(
            async (db, ct) =>
            {
                var row = await db.Users.SingleAsync(candidate => candidate.Id == user.Id, ct);
                (row.PasswordHash, row.SecurityStamp, row.ConcurrencyStamp) = (hash, stamp, Guid.NewGuid().ToString());
                await db.AuditAsync(user.AsActor(), new(AuditActions.PasswordChanged, user.Email ?? user.DisplayName), time.GetUtcNow(), ct);
                return true;
            },
            CancellationToken.None);
        (user.PasswordHash, user.SecurityStamp) = (hash, stamp);
    }
}
