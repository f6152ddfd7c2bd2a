using System.Collections.Concurrent;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Downloads a gateway's keys for an account and keeps them. Whoever meets a serial that nobody knows ends up here, forgers too:
/// hence one download at a time, shared by all who wait for it, and one per window for all instances together.
/// </summary>
public sealed partial class RefreshPlatformKeys(PortalWriter writer, PlatformKeyRows rows, TimeProvider time, ILogger<RefreshPlatformKeys> logger)
{
    /// <summary>Between two downloads.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>After a download that failed; without any key an account cannot take money.</summary>
    internal static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(1);

    private static readonly RefreshedKeys Nothing = new([], Renewed: false);

    private readonly ConcurrentDictionary<Guid, Lazy<Task<RefreshedKeys>>> _running = new();
    private readonly ConcurrentDictionary<Guid, RefreshedKeys> _last = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _notBefore = new();

    /// <summary>True when another download may be due. Costs nothing, so that it may be asked for every forged message.</summary>
    public bool MayBeDue(Guid accountId) => !_notBefore.TryGetValue(accountId, out var notBefore) || notBefore <= time.GetUtcNow();

    /// <param name="account">As it was when the channel was opened.</param>
    /// <returns>Every key that was ever downloaded for the account, as far as this instance knows.</returns>
    public async Task<RefreshedKeys> ExecuteAsync(ChannelAccount account, IPlatformKeySource channel, CancellationToken cancellationToken)
    {
        if (!_running.ContainsKey(account.Id) && !MayBeDue(account.Id))
        {
            return _last.GetValueOrDefault(account.Id, Nothing) with { Renewed = false };
        }

        // Not bound to the one who happened to come first: the others wait for it too.
        var flight = _running.GetOrAdd(account.Id, _ => new(() => FlyAsync(account, channel)));
        return await flight.Value.WaitAsync(cancellationToken);
    }

    /// <summary>After the account's form was changed: the next one may ask at once.</summary>
    public void Forget(Guid accountId)
    {
        _notBefore.TryRemove(accountId, out _);
        _last.TryRemove(accountId, out _);
    }

    /// <summary>Clears up after itself, for everybody who waits for it may have given up before it ends.</summary>
    private async Task<RefreshedKeys> FlyAsync(ChannelAccount account, IPlatformKeySource channel)
    {
        try
        {
            return await RunAsync(account, channel);
        }
        finally
        {
            _running.TryRemove(account.Id, out _);
        }
    }

    private async Task<RefreshedKeys> RunAsync(ChannelAccount account, IPlatformKeySource channel)
    {
        var claim = await writer.WriteAsync((db, ct) => ClaimAsync(db, account, ct), CancellationToken.None);
        if (claim is null)
        {
            return Nothing;
        }

        _notBefore[account.Id] = claim.NotBefore;
        if (!claim.Granted)
        {
            // Another instance has just asked, and its keys are here.
            return await KnownAsync(account);
        }

        var download = await channel.DownloadKeysAsync(CancellationToken.None);
        if (download is not KeyDownload.Downloaded downloaded)
        {
            Log.Failed(logger, account.Id, (download as KeyDownload.Failed)?.Reason ?? "");
            _notBefore[account.Id] = await writer.WriteAsync((db, ct) => PostponeAsync(db, account, ct), CancellationToken.None);
            return Nothing;
        }

        if (await writer.WriteAsync((db, ct) => KeepAsync(db, account, downloaded.Certificates, ct), CancellationToken.None) is not { } added)
        {
            Forget(account.Id);
            return Nothing;
        }

        Log.Downloaded(logger, account.Id, downloaded.Certificates.Count, added);
        return await KnownAsync(account);
    }

    private async Task<RefreshedKeys> KnownAsync(ChannelAccount account) =>
        _last[account.Id] = new RefreshedKeys(await rows.ReadAsync(account, CancellationToken.None), Renewed: true);

    /// <returns>Null when the form has been replaced since the channel was opened: its keys are another's business.</returns>
    private async Task<Claim?> ClaimAsync(PortalDbContext db, ChannelAccount account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await db.ChannelAccounts.SingleAsync(candidate => candidate.Id == account.Id, cancellationToken);
        if (IsReplaced(row, account))
        {
            return null;
        }

        if (row.PlatformKeysNotBefore is { } notBefore && notBefore > now)
        {
            return new Claim(false, notBefore);
        }

        row.PlatformKeysNotBefore = now + Window;
        return new Claim(true, now + Window);
    }

    private async Task<DateTimeOffset> PostponeAsync(PortalDbContext db, ChannelAccount account, CancellationToken cancellationToken)
    {
        var row = await db.ChannelAccounts.SingleAsync(candidate => candidate.Id == account.Id, cancellationToken);
        var notBefore = time.GetUtcNow() + FailureWindow;
        row.PlatformKeysNotBefore = notBefore;
        return notBefore;
    }

    /// <returns>How many were new; null when the form has been replaced meanwhile, and nothing was kept.</returns>
    private async Task<int?> KeepAsync(
        PortalDbContext db, ChannelAccount account, IReadOnlyList<PlatformCertificate> certificates, CancellationToken cancellationToken)
    {
        var row = await db.ChannelAccounts.SingleAsync(candidate => candidate.Id == account.Id, cancellationToken);
        if (IsReplaced(row, account))
        {
            return null;
        }

        // Raises the version too, so that every instance opens the channel anew.
        row.PlatformKeysAt = time.GetUtcNow();
        return await rows.AddAsync(db, account, certificates, cancellationToken);
    }

    private static bool IsReplaced(ChannelAccount row, ChannelAccount opened) => !row.SealedCredentials.AsSpan().SequenceEqual(opened.SealedCredentials);

    private sealed record Claim(bool Granted, DateTimeOffset NotBefore);

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "Account {AccountId}: the gateway handed out {Count} keys, {Added} of them new")]
        public static partial void Downloaded(ILogger logger, Guid accountId, int count, int added);

        [LoggerMessage(2104, LogLevel.Warning, "Account {AccountId}: the gateway's keys could not be downloaded: {Reason}")]
        public static partial void Failed(ILogger logger, Guid accountId, string reason);
    }
}

/// <summary>What an account knows after it was asked for.</summary>
/// <param name="Renewed">False when nothing was done, because it is too early or the gateway could not be believed.</param>
public sealed record RefreshedKeys(IReadOnlyList<PlatformCertificate> Keys, bool Renewed);
