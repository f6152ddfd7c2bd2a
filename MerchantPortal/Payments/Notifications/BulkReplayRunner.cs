namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Does the work of <see cref="BulkReplay"/>, one job at a time: dry runs first; after the go one row, then five, then the rest, at
/// most twenty a second. Oldest first. Stops by itself at the first outcome that differs from its dry run.
/// </summary>
public sealed partial class BulkReplayRunner(
    BulkReplay jobs, NotificationQueries queries, ReplayNotification replay, TimeProvider time, ILogger<BulkReplayRunner> logger) : BackgroundService
{
    /// <summary>Between two rows; between the first, the next five and the rest it waits longer, so that a person can look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan CanaryPause = TimeSpan.FromSeconds(1);

    /// <summary>Does the next step of a job: its dry runs, or its run.</summary>
    internal async Task StepAsync(BulkReplayJob job, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, job.Cancelled);
        try
        {
            await (job.State == BulkReplayState.Previewing ? PreviewAsync(job, either.Token) : RunAsync(job, either.Token));
        }
        catch (OperationCanceledException)
        {
            job.Enter(BulkReplayState.Cancelled);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, job.Id, exception);
            job.Enter(BulkReplayState.Failed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in jobs.Work.ReadAllAsync(stoppingToken))
        {
            await StepAsync(job, stoppingToken);
        }
    }

    private async Task PreviewAsync(BulkReplayJob job, CancellationToken cancellationToken)
    {
        job.Begin(await queries.CountAsync(job.Actor.StoreId, job.Filter, cancellationToken), await ChooseAsync(job, cancellationToken));
        var foretold = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in job.Rows)
        {
            var result = await replay.ExecuteAsync(row.Id, dryRun: true, null, job.Actor, cancellationToken);
            if (result is not null)
            {
                job.Set(row with { Predicted = Predict(result, foretold) });
            }
        }

        job.Enter(BulkReplayState.Ready);
    }

    /// <summary>What an earlier row of the same job will have done, a later one finds done.</summary>
    private static BulkReplayOutcome Predict(ReplayResult result, HashSet<string> foretold)
    {
        var effect = string.Join('\n', result.Changes.Select(change => $"{change.Entity} {change.Key} {change.Field} {change.After}"));
        return result is { Outcome: CallbackStatus.Applied, Changes.Count: > 0 } && !foretold.Add(effect)
            ? new BulkReplayOutcome(CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied)
            : new BulkReplayOutcome(result.Outcome, result.Reason, result.RefusalCode is not null);
    }

    private async Task<List<BulkReplayRow>> ChooseAsync(BulkReplayJob job, CancellationToken cancellationToken)
    {
        var rows = new List<BulkReplayRow>();
        Guid? before = null;
        do
        {
            var page = await queries.ListAsync(job.Actor.StoreId, job.Filter, before, NotificationQueries.MaxPageSize, cancellationToken);
            rows.AddRange(page.Rows.Select(row => new BulkReplayRow(row.Id, row.OutTradeNo ?? row.Channel, null, null)));
            before = page.Older;
        }
        while (before is not null && rows.Count < BulkReplay.MaxRows);
        rows.RemoveRange(Math.Min(rows.Count, BulkReplay.MaxRows), Math.Max(0, rows.Count - BulkReplay.MaxRows));
        rows.Reverse();
        return rows;
    }

    private async Task RunAsync(BulkReplayJob job, CancellationToken cancellationToken)
    {
        var chosen = job.Rows.Where(row => row is { Predicted.Refused: false, Result: null }).ToList();
        foreach (var (index, row) in chosen.Index())
        {
            // Between a canary and the next batch there is time to look at it.
            await Task.Delay(index is 1 or 6 ? CanaryPause : Pause, time, cancellationToken);
            var result = await replay.ExecuteAsync(row.Id, dryRun: false, job.Reason, job.Actor, cancellationToken);
            var happened = result is null ? null : new BulkReplayOutcome(result.Outcome, result.Reason, result.RefusalCode is not null);
            job.Set(row with { Result = happened });
            if (happened != row.Predicted)
            {
                job.Enter(BulkReplayState.Stopped);
                return;
            }
        }

        job.Enter(BulkReplayState.Completed);
    }

    private static partial class Log
    {
        [LoggerMessage(2030, LogLevel.Error, "Bulk replay {JobId} failed")]
        public static partial void Failed(ILogger logger, Guid jobId, Exception exception);
    }
}
