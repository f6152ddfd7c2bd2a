using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Janitor;

/// <summary>
/// Finds the money whose callback never came: asks gateways about attempts that are due, and closes what has expired. One instance at a
/// time does it, under a lease that every write requires. Accounts do not wait for each other: one whose gateway is slow is skipped until it is through.
/// </summary>
public sealed partial class PaymentJanitor(
    IDbContextFactory<PortalDbContext> contexts,
    AskDueAttempt ask,
    CloseExpiredOrders close,
    CallbackLossQueries losses,
    JanitorLease lease,
    TimeProvider time,
    ILogger<PaymentJanitor> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LossStaysFresh = TimeSpan.FromMinutes(1);
    private const int Batch = 400;

    /// <summary>Calls that one account's gateway gets from us at a time, and per round.</summary>
    private const int AtOnce = 4;
    private const int PerRound = 40;

    private readonly Dictionary<Guid, Task> _busy = [];
    private IReadOnlyDictionary<Guid, CallbackLoss> _losses = new Dictionary<Guid, CallbackLoss>();
    private DateTimeOffset _lossesAt;

    /// <summary>Does all that is due now, and returns when it is done.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await StartDueAsync(cancellationToken);
        await Task.WhenAll(_busy.Values);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Rounds.RunAsync(time, Interval, StartDueAsync, exception => Log.Failed(logger, exception), stoppingToken);
        }
        finally
        {
            await Task.WhenAll(_busy.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await lease.ReleaseAsync();
        }
    }

    /// <summary>Nothing is written while nothing is due.</summary>
    private async Task StartDueAsync(CancellationToken cancellationToken)
    {
        var due = await FindDueAsync(cancellationToken);
        var expired = await close.FindAsync(cancellationToken);
        if ((due.Count == 0 && expired.Count == 0) || await lease.HoldAsync(cancellationToken) is not { } held)
        {
            return;
        }

        await RefreshLossesAsync(cancellationToken);
        foreach (var account in due.GroupBy(attempt => attempt.ChannelAccountId))
        {
            _busy[account.Key] = WorkAsync(account.Key, () => AskAsync(account.Key, [.. account.Take(PerRound)], held, cancellationToken), cancellationToken);
        }

        await WorkAsync(null, () => close.ExecuteAsync(expired, held, cancellationToken), cancellationToken);
    }

    private async Task<List<DueAttempt>> FindDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (account, _) in _busy.Where(account => account.Value.IsCompleted).ToList())
        {
            _busy.Remove(account);
        }

        var busy = _busy.Keys.ToList();
        await using var db = contexts.CreateDbContext();
        return await db.Attempts.Where(row => row.QueryAt != null && row.QueryAt <= now && !busy.Contains(row.ChannelAccountId)).OrderBy(row => row.QueryAt)
            .Select(row => new DueAttempt(row.Id, row.StoreId, row.ChannelAccountId, row.Status, row.CreatedAt, row.ExpiresAt, row.QueryAt)).Take(Batch).ToListAsync(cancellationToken);
    }

    private Task AskAsync(Guid accountId, DueAttempt[] due, HeldLease held, CancellationToken cancellationToken)
    {
        var pace = _losses.GetValueOrDefault(accountId, CallbackLoss.None).Pace;
        return Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (attempt, token) => await ask.ExecuteAsync(attempt, pace, held, token));
    }

    /// <summary>What fails here is due again in the next round, and does not stop the others.</summary>
    private async Task WorkAsync(Guid? accountId, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (LeaseLostException exception)
        {
            lease.Lost();
            Log.LeaseLost(logger, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.WorkFailed(logger, accountId, exception);
        }
    }

    private async Task RefreshLossesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _lossesAt >= LossStaysFresh)
        {
            (_losses, _lossesAt) = (await losses.LastHourAsync(cancellationToken), now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2051, LogLevel.Error, "A round of asking gateways failed; the next one tries again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2052, LogLevel.Error, "Asking the gateway of account {AccountId}, or closing, failed; the next round tries again")]
        public static partial void WorkFailed(ILogger logger, Guid? accountId, Exception exception);

        [LoggerMessage(2053, LogLevel.Warning, "Another instance asks the gateways now")]
        public static partial void LeaseLost(ILogger logger, Exception exception);
    }
}
