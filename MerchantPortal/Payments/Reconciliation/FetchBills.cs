using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Fetches every bill that is due: of yesterday when its hour has come, and what is missing of the last 30 days. One instance at a time, by a
/// lease that each of its writes proves.
/// </summary>
public sealed partial class FetchBills(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, FetchBill fetch, MatchBill match, PortalWriter writer, Leases leases, TimeProvider time,
    ILogger<FetchBills> logger) : BackgroundService
{
    private const string LeaseName = "bills";
    private const int PerRound = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeaseLasts = TimeSpan.FromMinutes(15);

    /// <summary>Days with open differences are compared again this often: the books may have caught up.</summary>
    private static readonly TimeSpan MatchAgain = TimeSpan.FromHours(1);

    /// <returns>False when another instance does it.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await leases.TryTakeAsync(LeaseName, LeaseLasts, cancellationToken) is not { } lease)
        {
            return false;
        }

        await PlanAsync(lease, cancellationToken);
        foreach (var due in await DueAsync(cancellationToken))
        {
            // Keeps the lease while there is work; whoever has lost it meanwhile stops here.
            if (await leases.TryTakeAsync(LeaseName, LeaseLasts, cancellationToken) != lease)
            {
                return false;
            }

            await TryAsync(() => fetch.ExecuteAsync(due.ChannelAccountId, due.Day, Actor.System(due.StoreId), lease, cancellationToken), due.ChannelAccountId, due.Day);
        }

        foreach (var (billId, accountId, day) in await OpenAsync(cancellationToken))
        {
            await TryAsync(() => match.ExecuteAsync(billId, lease, cancellationToken), accountId, day);
        }

        await leases.ReleaseAsync(lease, cancellationToken);
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RunAsync(time, Interval, RunOnceAsync, exception => Log.Failed(logger, exception), stoppingToken);

    /// <summary>One that fails does not stop the others.</summary>
    private async Task TryAsync(Func<Task> work, Guid accountId, DateOnly day)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or LeaseLostException))
        {
            Log.BillFailed(logger, accountId, day, exception);
        }
    }

    /// <summary>Writes down which days each account owes a bill of.</summary>
    private async Task PlanAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var ready = channels.Definitions.Where(definition => definition.BillsReadyAt is not null)
            .ToDictionary(definition => definition.Channel, definition => definition.BillsReadyAt ?? default, StringComparer.Ordinal);
        var names = ready.Keys.ToList();
        await writer.WriteAsync(
            async (db, ct) =>
            {
                await lease.RequireAsync(db, ct);
                var now = time.GetUtcNow();
                var oldest = BeijingTime.Day(now).AddDays(-FetchBill.DaysBack);
                var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => names.Contains(row.Channel) && row.DisabledAt == null).ToListAsync(ct);
                var ids = accounts.Select(row => row.Id).ToList();
                var known = (await db.BillDays.Where(row => ids.Contains(row.ChannelAccountId) && row.Day >= oldest).Select(row => new { row.ChannelAccountId, row.Day }).ToListAsync(ct))
                    .Select(row => (row.ChannelAccountId, row.Day)).ToHashSet();
                db.BillDays.AddRange(accounts.SelectMany(account => Owed(account, ready[account.Channel], oldest, now).Where(day => !known.Contains((account.Id, day)))
                    .Select(day => new BillDay { ChannelAccountId = account.Id, Day = day, StoreId = account.StoreId, ChangedAt = now, DueAt = now })));
                return true;
            },
            cancellationToken);
    }

    private static IEnumerable<DateOnly> Owed(ChannelAccount account, TimeOnly ready, DateOnly oldest, DateTimeOffset now)
    {
        var first = BeijingTime.Day(account.CreatedAt) is var opened && opened > oldest ? opened : oldest;
        for (var day = first; BeijingTime.At(day.AddDays(1), ready) <= now; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private async Task<List<BillDay>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var now = time.GetUtcNow();
        return await db.BillDays.AsNoTracking()
            .Where(row => row.DueAt != null && row.DueAt <= now && db.ChannelAccounts.Any(account => account.Id == row.ChannelAccountId && account.DisabledAt == null))
            .OrderByDescending(row => row.Day).ThenBy(row => row.ChannelAccountId).Take(PerRound).ToListAsync(cancellationToken);
    }

    private async Task<List<(Guid BillId, Guid AccountId, DateOnly Day)>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var before = time.GetUtcNow() - MatchAgain;
        var rows = await db.GatewayBills.AsNoTracking()
            .Where(bill => bill.IsCurrent && bill.MatchedAt <= before
                && db.BillDifferences.Any(row => row.ChannelAccountId == bill.ChannelAccountId && row.Day == bill.Day && row.Status == DifferenceStatus.Open))
            .OrderBy(bill => bill.MatchedAt).Take(PerRound).Select(bill => new { bill.Id, bill.ChannelAccountId, bill.Day }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Id, row.ChannelAccountId, row.Day))];
    }

    private static partial class Log
    {
        [LoggerMessage(2120, LogLevel.Error, "Fetching bills failed; the next round tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2121, LogLevel.Error, "The bill of account {AccountId} for {Day} failed; it is tried again")]
        public static partial void BillFailed(ILogger logger, Guid accountId, DateOnly day, Exception exception);
    }
}
