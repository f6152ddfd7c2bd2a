using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>The cookie key ring.</summary>
internal sealed class SealedKeyRows : ISealedRows
{
    public async Task RenewAsync(PortalDbContext db, SecretBox secrets, CancellationToken cancellationToken)
    {
        foreach (var row in await db.DataProtectionKeys.ToListAsync(cancellationToken))
        {
            if (secrets.Renew(Guid.Empty, SealedKeyRing.Purpose, Convert.FromBase64String(row.Xml)) is { } renewed)
            {
                row.Xml = Convert.ToBase64String(renewed);
            }
        }
    }
}
