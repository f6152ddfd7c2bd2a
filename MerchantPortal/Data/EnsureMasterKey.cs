using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>
/// Refuses to start where the master key is not the one that sealed what is stored: going on would sign everybody out, answer every
/// callback with a failure, and seal new secrets with a key that nobody has kept.
/// </summary>
internal sealed class EnsureMasterKey(IDbContextFactory<PortalDbContext> contexts, SecretBox secrets, RenewSecrets renew)
{
    /// <exception cref="SecretUnreadableException">The configured key does not open the newest key of the ring.</exception>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var newest = await db.DataProtectionKeys.AsNoTracking().OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is not null)
        {
            secrets.Open(Guid.Empty, SealedKeyRing.Purpose, Convert.FromBase64String(newest.Xml));
        }

        await renew.ExecuteAsync(cancellationToken);
    }
}
