using MerchantPortal.Cases;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Opens every account that is in use, so that one whose stored secret cannot be read is a case before a gateway knocks in vain: until
/// it is mended its callbacks are answered with "come again" and nothing of them is kept.
/// </summary>
public sealed partial class AccountWatch(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, TimeProvider time, ILogger<AccountWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        List<WatchedAccount> accounts;
        await using (var db = contexts.CreateDbContext())
        {
            var reported = await db.Cases.Where(found => found.Kind == CaseKind.AccountBroken && found.Status == CaseStatus.Open)
                .Select(found => found.SubjectKey).ToListAsync(cancellationToken);
            var rows = await db.ChannelAccounts.Where(row => row.DisabledAt == null)
                .Select(row => new { row.Id, row.StoreId, row.Name, row.Channel }).ToListAsync(cancellationToken);
            accounts = rows.ConvertAll(row => new WatchedAccount(row.Id, row.StoreId, row.Name, row.Channel, reported.Contains(row.Id.ToString("N"))));
        }

        foreach (var account in accounts)
        {
            var works = await OpensAsync(account, cancellationToken);
            if (works == account.IsReported)
            {
                await writer.WriteAsync((db, ct) => ReportAsync(db, account, works, ct), cancellationToken);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, RunOnceAsync, exception => Log.Failed(logger, exception), stoppingToken);

    private async Task<bool> OpensAsync(WatchedAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await channels.FindAsync(account.Id, cancellationToken) is not null;
        }
        catch (SecretUnreadableException exception)
        {
            if (!account.IsReported)
            {
                Log.Unreadable(logger, account.Id, exception);
            }

            return false;
        }
    }

    private async Task<bool> ReportAsync(PortalDbContext db, WatchedAccount account, bool works, CancellationToken cancellationToken)
    {
        if (works)
        {
            await db.SettleCaseAsync(account.StoreId, CaseKind.AccountBroken, account.Subject, CaseResolution.Settled, time.GetUtcNow(), cancellationToken);
        }
        else
        {
            var data = new Dictionary<string, string> { ["account"] = account.Name, ["account_id"] = account.Subject, ["channel"] = account.Channel };
            await db.OpenCaseAsync(new(account.StoreId, CaseKind.AccountBroken, account.Subject, Data: data), time.GetUtcNow(), cancellationToken);
        }

        return true;
    }

    /// <param name="IsReported">It has an open case.</param>
    private sealed record WatchedAccount(Guid Id, Guid StoreId, string Name, string Channel, bool IsReported)
    {
        public string Subject => Id.ToString("N");
    }

    private static partial class Log
    {
        [LoggerMessage(2060, LogLevel.Error, "Checking that accounts can be used failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2061, LogLevel.Critical, "The stored secret of channel account {AccountId} cannot be opened: its callbacks are answered with 503 until it is mended")]
        public static partial void Unreadable(ILogger logger, Guid accountId, Exception exception);
    }
}
