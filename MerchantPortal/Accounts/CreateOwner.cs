using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Api;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>Makes the store and the account that owns it, once per portal, however many ask at the same time.</summary>
public sealed class CreateOwner(PortalWriter writer, IPasswordHasher<PortalUser> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    /// <summary>The first store's id is fixed: of two that set up at once, the second meets its primary key.</summary>
    private static readonly Guid FirstStoreId = new("0190a000-0000-7000-8000-000000000001");

    public async Task<CreateOwnerResult> ExecuteAsync(NewOwner owner, CancellationToken cancellationToken)
    {
        var faults = NewOwnerRules.Check(owner);
        if (faults.Count > 0)
        {
            return new CreateOwnerResult.Invalid(faults);
        }

        var now = time.GetUtcNow();
        var user = User(owner, now);
        return await writer.WriteAsync<CreateOwnerResult>(
            async (db, ct) =>
            {
                if (await db.Users.AnyAsync(ct) || await db.Stores.AnyAsync(store => store.Id == FirstStoreId, ct))
                {
                    return new CreateOwnerResult.AlreadyOwned();
                }

                db.Stores.Add(Store(owner, now));
                db.Users.Add(user);
                if (owner.ApiKey is { Length: > 0 } key)
                {
                    db.ApiKeys.Add(Key(key, now));
                }

                var after = new Dictionary<string, string> { ["email"] = user.Email ?? "", ["api_key"] = owner.ApiKey is { Length: > 0 } given ? given[..Math.Min(8, given.Length)] : "" };
                await db.AuditAsync(user.AsActor(), new(AuditActions.OwnerCreated, owner.StoreName.Trim(), After: after), now, ct);
                return new CreateOwnerResult.Created(user.Id);
            },
            cancellationToken);
    }

    private static Store Store(NewOwner owner, DateTimeOffset now) => new()
    {
        Id = FirstStoreId,
        Name = owner.StoreName.Trim(),
        TimeZone = owner.TimeZone,
        DayStartsAtHour = owner.DayStartsAtHour,
        Language = owner.Language,
        CreatedAt = now,
    };

    private PortalUser User(NewOwner owner, DateTimeOffset now)
    {
        var email = owner.Email.Trim();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            StoreId = FirstStoreId,
            DisplayName = owner.DisplayName.Trim(),
            UserName = email,
            NormalizedUserName = normalizer.NormalizeName(email),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20)),
            CreatedAt = now,
        };
        user.PasswordHash = hasher.HashPassword(user, owner.Password);
        return user;
    }

    private static ApiKey Key(string key, DateTimeOffset now) => new()
    {
        StoreId = FirstStoreId,
        Name = "bootstrap",
        Prefix = key[..Math.Min(8, key.Length)],
        Hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
        Scopes = "*",
        CreatedAt = now,
    };
}
