using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels.WeChatOAuth;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>Finds the open channel of an account. Keys are decrypted and parsed once per version of the account, then kept.</summary>
public sealed class PaymentChannels(
    IDbContextFactory<PortalDbContext> contexts,
    IEnumerable<IChannelDefinition> definitions,
    SecretBox secrets,
    PlatformKeyRows platformKeys,
    RefreshPlatformKeys refresh,
    PortalUrls urls,
    IConfiguration configuration,
    IHttpClientFactory http,
    CertifiedClients certified,
    SharedTokens tokens,
    TimeProvider time)
{
    /// <summary>How long another instance may go on with keys that were changed here.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IChannelDefinition> _definitions = definitions.ToDictionary(definition => definition.Channel, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, OpenAccount> _open = new();

    public IReadOnlyCollection<IChannelDefinition> Definitions => _definitions.Values;

    public IChannelDefinition? Definition(string channel) => _definitions.GetValueOrDefault(channel);

    /// <returns>Null when there is no such account.</returns>
    public async Task<OpenAccount?> FindAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_open.TryGetValue(accountId, out var known) && now - known.CheckedAt < Fresh)
        {
            return known;
        }

        await using var db = contexts.CreateDbContext();
        var account = await db.ChannelAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == accountId, cancellationToken);
        if (account is null)
        {
            return null;
        }

        return _open[accountId] = known is not null && known.Account.Version == account.Version
            ? known with { Account = account, CheckedAt = now }
            : new OpenAccount(account, Open(account, await platformKeys.ReadAsync(account, cancellationToken)), now);
    }

    /// <returns>Why a payment of the account and method cannot be given back by a call, a <see cref="Refunds.RefundFailures"/> code; null when it can.</returns>
    public async Task<string?> RefundObstacleAsync(Guid accountId, PaymentMethod method, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(accountId, cancellationToken) is not { } open ? Refunds.RefundFailures.NotOffered
                : open.Channel is IRefundingChannel refunding ? refunding.RefundObstacle(method)
                : _definitions[open.Account.Channel].RefundObstacle ?? Refunds.RefundFailures.NotOffered;
        }
        catch (SecretUnreadableException)
        {
            return Refunds.RefundFailures.AccountUnreadable;
        }
    }

    /// <summary>After an account was changed here: the next call reads it anew.</summary>
    public void Forget(Guid accountId)
    {
        refresh.Forget(accountId);
        _open.TryRemove(accountId, out _);
    }

    /// <summary>False while it is too early to ask the account's gateway for its keys again.</summary>
    public bool MayRefreshKeys(Guid accountId) => refresh.MayBeDue(accountId);

    /// <summary>Downloads the gateway's keys for an account, where it hands any out and that is due.</summary>
    public async Task RefreshKeysAsync(Guid accountId, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, cancellationToken) is { } open)
        {
            await RefreshKeysAsync(open.Account, open.Channel, cancellationToken);
        }
    }

    /// <summary>Where the account's calls go.</summary>
    public Uri GatewayOf(ChannelAccount account) => BaseUrl(_definitions[account.Channel], account.Mode);

    internal JsonObject ReadForm(ChannelAccount account) =>
        JsonNode.Parse(secrets.Open(account.StoreId, Purpose(account.Id), account.SealedCredentials)) as JsonObject
        ?? throw new InvalidOperationException($"The stored form of channel account {account.Id} is not an object.");

    internal byte[] SealForm(Guid storeId, Guid accountId, JsonObject form) =>
        secrets.Seal(storeId, Purpose(accountId), System.Text.Encoding.UTF8.GetBytes(form.ToJsonString()));

    private async Task<IReadOnlyList<PlatformCertificate>> RefreshKeysAsync(ChannelAccount account, IPaymentChannel? channel, CancellationToken cancellationToken)
    {
        if (channel is not IPlatformKeySource { DownloadsKeys: true } source)
        {
            return [];
        }

        var refreshed = await refresh.ExecuteAsync(account, source, cancellationToken);
        if (refreshed.Renewed)
        {
            _open.TryRemove(account.Id, out _);
        }

        return refreshed.Keys;
    }

    private IPaymentChannel Open(ChannelAccount account, IReadOnlyList<PlatformCertificate> certificates)
    {
        var definition = _definitions[account.Channel];
        IPaymentChannel? channel = null;
        return channel = definition.Open(new ChannelSettings(
            account.Id, account.Mode, BaseUrl(definition, account.Mode), ReadForm(account), http.CreateClient(GatewayResilience.HttpClientName), time)
        {
            WeChat = WeChatOf(account.Mode),
            HttpWith = certified.With,
            Tokens = tokens.Of(account.StoreId),
            PlatformCertificates = certificates,
            RefreshKeys = token => RefreshKeysAsync(account, channel, token),
        });
    }

    /// <summary>Test accounts talk to the sandbox, live ones to the gateway; no setting can mix the two.</summary>
    internal Uri BaseUrl(IChannelDefinition definition, PaymentMode mode) => mode switch
    {
        PaymentMode.Test => new Uri(urls.Base, $"sandbox/{definition.Channel}/"),
        PaymentMode.Live => Configured(definition.SettingsSection, definition.OfficialBaseUrl),
    };

    private WeChatHosts WeChatOf(PaymentMode mode) => mode switch
    {
        PaymentMode.Test => new WeChatHosts(new Uri(urls.Base, "sandbox/wechat-open/"), new Uri(urls.Base, "sandbox/wechat-open/")),
        PaymentMode.Live => new WeChatHosts(
            Configured(WeChatHosts.OpenSection, WeChatHosts.Official.Open), Configured(WeChatHosts.ApiSection, WeChatHosts.Official.Api)),
    };

    private Uri Configured(string section, Uri official) =>
        configuration[$"Gateways:{section}:BaseUrl"] is { Length: > 0 } configured ? new Uri(configured.TrimEnd('/') + "/") : official;

    internal static string Purpose(Guid accountId) => $"channel-account:{accountId:N}";
}

/// <param name="CheckedAt">When the row was last compared with the database.</param>
public sealed record OpenAccount(ChannelAccount Account, IPaymentChannel Channel, DateTimeOffset CheckedAt);
