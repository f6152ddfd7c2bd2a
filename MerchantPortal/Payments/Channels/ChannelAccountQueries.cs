using System.Text.Json.Nodes;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>What may be seen of channel accounts: never a secret, only what names one.</summary>
public sealed class ChannelAccountQueries(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalUrls urls)
{
    /// <summary>All accounts of a store, oldest first.</summary>
    public async Task<IReadOnlyList<ChannelAccountView>> ListAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => row.StoreId == storeId).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return await ViewsAsync(db, accounts, cancellationToken);
    }

    /// <summary>One page of a store's accounts, newest first.</summary>
    /// <param name="before">Accounts older than this one; null for the first page.</param>
    public async Task<IReadOnlyList<ChannelAccountView>> PageAsync(Guid storeId, Guid? before, int take, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts.AsNoTracking()
            .Where(row => row.StoreId == storeId && (before == null || row.Id < before))
            .OrderByDescending(row => row.Id).Take(take).ToListAsync(cancellationToken);
        return await ViewsAsync(db, accounts, cancellationToken);
    }

    /// <returns>Null when the store has no such account.</returns>
    public async Task<ChannelAccountView?> FindAsync(Guid accountId, Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => row.Id == accountId && row.StoreId == storeId).ToListAsync(cancellationToken);
        return (await ViewsAsync(db, accounts, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The stored form for the wizard, without its secrets.</summary>
    /// <returns>Null when the store has no such account.</returns>
    /// <exception cref="SecretUnreadableException">The master key is another one.</exception>
    public async Task<JsonObject?> FindFormAsync(Guid accountId, Guid storeId, CancellationToken cancellationToken)
    {
        if (await RowAsync(accountId, storeId, cancellationToken) is not { } account || channels.Definition(account.Channel) is not { } definition)
        {
            return null;
        }

        var stored = channels.ReadForm(account);
        var shown = new JsonObject();
        foreach (var field in definition.Fields.Where(field => !field.IsSecret))
        {
            shown[field.Name] = stored[field.Name]?.DeepClone();
        }

        return shown;
    }

    private async Task<ChannelAccount?> RowAsync(Guid accountId, Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == accountId && row.StoreId == storeId, cancellationToken);
    }

    private async Task<IReadOnlyList<ChannelAccountView>> ViewsAsync(PortalDbContext db, List<ChannelAccount> accounts, CancellationToken cancellationToken)
    {
        var ids = accounts.Select(account => account.Id).ToList();
        var keys = (await db.PlatformKeys.AsNoTracking().Where(key => ids.Contains(key.ChannelAccountId)).OrderBy(key => key.Id).ToListAsync(cancellationToken))
            .ToLookup(key => key.ChannelAccountId);
        return [.. accounts.Select(account => View(account, keys[account.Id]))];
    }

    private static Dictionary<string, KeyPrint> Keys(ChannelAccount account, IEnumerable<ChannelPlatformKey> downloaded)
    {
        var keys = KeyPrint.ReadAll(account.FingerprintsJson);
        foreach (var key in downloaded)
        {
            keys.TryAdd($"platform_keys.{key.Serial}", new KeyPrint(key.Fingerprint, key.NotAfter, Downloaded: true));
        }

        return keys;
    }

    private ChannelAccountView View(ChannelAccount account, IEnumerable<ChannelPlatformKey> downloaded) => new(
        account.Id,
        account.Channel,
        account.Name,
        account.Mode,
        account.MerchantId,
        account.AppId,
        urls.Notify(account.Channel, account.Id),
        Keys(account, downloaded),
        account.CreatedAt,
        account.DisabledAt);
}

/// <param name="Keys">Name of a key → what may be shown of it.</param>
/// <param name="DisabledAt">Null while the account is in use.</param>
public sealed record ChannelAccountView(
    Guid Id,
    string Channel,
    string Name,
    PaymentMode Mode,
    string MerchantId,
    string AppId,
    Uri NotifyUrl,
    IReadOnlyDictionary<string, KeyPrint> Keys,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt);
