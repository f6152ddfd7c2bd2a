using System.Globalization;
using System.Security.Claims;

namespace MerchantPortal.Accounts;

/// <summary>How long a session lives: 30 minutes without activity, 12 hours in all. A changed security stamp ends it within seconds.</summary>
public static class SessionRules
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Absolute = TimeSpan.FromHours(12);
    public static readonly TimeSpan StampCheck = TimeSpan.FromSeconds(4);

    /// <summary>Marks the moment of sign-in. Renewals keep the mark.</summary>
    public static void Mark(ClaimsPrincipal person, DateTimeOffset now)
    {
        if (person.Identity is ClaimsIdentity identity && !person.HasClaim(claim => claim.Type == PortalClaims.SignedInAt))
        {
            identity.AddClaim(new Claim(PortalClaims.SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Carries the mark over when the principal is made anew.</summary>
    public static void Carry(ClaimsPrincipal from, ClaimsPrincipal to)
    {
        if (from.FindFirst(PortalClaims.SignedInAt) is { } mark && to.Identity is ClaimsIdentity identity)
        {
            identity.AddClaim(mark.Clone());
        }
    }

    /// <summary>A principal without the mark counts as too old.</summary>
    public static bool IsTooOld(ClaimsPrincipal person, DateTimeOffset now) =>
        !long.TryParse(person.FindFirst(PortalClaims.SignedInAt)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var since)
        || now - DateTimeOffset.FromUnixTimeSeconds(since) >= Absolute;
}
