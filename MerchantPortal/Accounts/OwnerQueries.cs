using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>Whether anybody owns this portal yet.</summary>
public sealed class OwnerQueries(IDbContextFactory<PortalDbContext> contexts)
{
    private volatile bool _exists;

    /// <summary>Asks the database until the answer is yes: an owner never goes away again.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            _exists = await db.Users.AnyAsync(cancellationToken);
        }

        return _exists;
    }
}
