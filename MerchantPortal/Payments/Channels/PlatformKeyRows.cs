using System.Text;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>The rows of downloaded keys, sealed and opened.</summary>
public sealed class PlatformKeyRows(IDbContextFactory<PortalDbContext> contexts, SecretBox secrets, TimeProvider time)
{
    /// <exception cref="SecretUnreadableException">The master key is another one.</exception>
    public async Task<IReadOnlyList<PlatformCertificate>> ReadAsync(ChannelAccount account, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await db.PlatformKeys.AsNoTracking().Where(row => row.ChannelAccountId == account.Id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new PlatformCertificate(
            row.Serial, Encoding.UTF8.GetString(secrets.Open(row.StoreId, Purpose(row.ChannelAccountId), row.SealedCertificate)), row.Fingerprint, row.NotBefore, row.NotAfter))];
    }

    /// <summary>A serial that is known keeps its certificate.</summary>
    /// <returns>How many were new.</returns>
    internal async Task<int> AddAsync(
        PortalDbContext db, ChannelAccount account, IReadOnlyList<PlatformCertificate> certificates, CancellationToken cancellationToken)
    {
        var known = await db.PlatformKeys.Where(row => row.ChannelAccountId == account.Id).Select(row => row.Serial).ToListAsync(cancellationToken);
        var added = certificates.ExceptBy(known, certificate => certificate.Serial, StringComparer.OrdinalIgnoreCase)
            .Select(certificate => new ChannelPlatformKey
            {
                StoreId = account.StoreId,
                ChannelAccountId = account.Id,
                Serial = certificate.Serial,
                SealedCertificate = secrets.Seal(account.StoreId, Purpose(account.Id), Encoding.UTF8.GetBytes(certificate.Pem)),
                Fingerprint = certificate.Fingerprint,
                NotBefore = certificate.NotBefore,
                NotAfter = certificate.NotAfter,
                DownloadedAt = time.GetUtcNow(),
            }).ToList();
        db.PlatformKeys.AddRange(added);
        return added.Count;
    }

    /// <summary>A changed form starts over: its keys are downloaded, and trusted, as for a new account.</summary>
    internal static async Task StartOverAsync(PortalDbContext db, ChannelAccount account, CancellationToken cancellationToken)
    {
        db.PlatformKeys.RemoveRange(await db.PlatformKeys.Where(row => row.ChannelAccountId == account.Id).ToListAsync(cancellationToken));
        (account.PlatformKeysAt, account.PlatformKeysNotBefore) = (null, null);
    }

    internal static string Purpose(Guid accountId) => $"platform-key:{accountId:N}";
}
