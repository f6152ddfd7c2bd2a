using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Backups;

/// <summary>Whether the configured master key opens the channel keys that are stored: a backup does not bring the key along.</summary>
public sealed class SecretCheck(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels)
{
    /// <returns>Names of the accounts whose keys stay shut.</returns>
    public async Task<IReadOnlyList<string>> FindUnreadableAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return [.. accounts.Where(IsUnreadable).Select(row => row.Name)];
    }

    private bool IsUnreadable(ChannelAccount account)
    {
        try
        {
            channels.ReadForm(account);
            return false;
        }
        catch (SecretUnreadableException)
        {
            return true;
        }
    }
}
