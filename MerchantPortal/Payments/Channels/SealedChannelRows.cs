using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>Channel accounts' forms, downloaded platform keys and shared tokens.</summary>
internal sealed class SealedChannelRows : ISealedRows
{
    public async Task RenewAsync(PortalDbContext db, SecretBox secrets, CancellationToken cancellationToken)
    {
        foreach (var account in await db.ChannelAccounts.ToListAsync(cancellationToken))
        {
            account.SealedCredentials = Renewed(secrets, account.StoreId, PaymentChannels.Purpose(account.Id), account.SealedCredentials);
        }

        foreach (var key in await db.PlatformKeys.ToListAsync(cancellationToken))
        {
            key.SealedCertificate = Renewed(secrets, key.StoreId, PlatformKeyRows.Purpose(key.ChannelAccountId), key.SealedCertificate);
        }

        foreach (var token in await db.SharedTokens.Where(row => row.SealedToken != null).ToListAsync(cancellationToken))
        {
            token.SealedToken = Renewed(secrets, token.StoreId, Channels.SharedTokens.Purpose(token), token.SealedToken ?? []);
        }
    }

    /// <summary>An account whose keys nobody can open has a case of its own; it does not keep the others from being renewed.</summary>
    private static byte[] Renewed(SecretBox secrets, Guid storeId, string purpose, byte[] sealedBytes)
    {
        try
        {
            return secrets.Renew(storeId, purpose, sealedBytes) ?? sealedBytes;
        }
        catch (SecretUnreadableException)
        {
            return sealedBytes;
        }
    }
}
