using System.Threading.Channels;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Keeps downloaded keys fresh behind everybody's back: at once when a message names a key that nobody knows (it is refused
/// meanwhile, and the gateway sends it again), and twice a day for every account, so that a new key is here before it is used.
/// </summary>
public sealed partial class PlatformKeyRefresher(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, TimeProvider time, ILogger<PlatformKeyRefresher> logger) : BackgroundService
{
    private const int MaxWaiting = 100;

    /// <summary>WeChat Pay asks for less than 12 hours between two downloads.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(11);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Channel<Guid> _asked = Channel.CreateBounded<Guid>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A key of this account is missing. Returns at once, and does nothing when it is too early to ask again.</summary>
    public void Ask(Guid accountId)
    {
        if (channels.MayRefreshKeys(accountId))
        {
            _asked.Writer.TryWrite(accountId);
        }
    }

    /// <summary>Asks for every account whose keys have grown old.</summary>
    public async Task AskForOldAsync(CancellationToken cancellationToken)
    {
        var names = channels.Definitions.Where(definition => definition.HandsOutKeys).Select(definition => definition.Channel).ToList();
        var now = time.GetUtcNow();
        var old = now - Age;
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts
            .Where(row => names.Contains(row.Channel) && row.DisabledAt == null && (row.PlatformKeysAt == null || row.PlatformKeysAt <= old)
                && (row.PlatformKeysNotBefore == null || row.PlatformKeysNotBefore <= now))
            .Select(row => row.Id).ToListAsync(cancellationToken);
        accounts.ForEach(Ask);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(AnswerAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task AnswerAsync(CancellationToken stoppingToken)
    {
        await foreach (var accountId in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await channels.RefreshKeysAsync(accountId, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, accountId, exception);
            }
        }
    }

    private Task WatchAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, AskForOldAsync, exception => Log.WatchFailed(logger, exception), stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(2102, LogLevel.Error, "The gateway's keys for account {AccountId} could not be refreshed")]
        public static partial void Failed(ILogger logger, Guid accountId, Exception exception);

        [LoggerMessage(2103, LogLevel.Error, "Accounts with old keys could not be found; the next round tries again")]
        public static partial void WatchFailed(ILogger logger, Exception exception);
    }
}
