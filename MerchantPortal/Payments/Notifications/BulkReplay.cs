using System.Collections.Concurrent;
using System.Threading.Channels;
using MerchantPortal.Accounts;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Replays many callbacks: choose, see the dry run of each, give a reason, watch, cancel. Jobs are known by their id.</summary>
public sealed class BulkReplay(TimeProvider time)
{
    public const int MaxRows = 1_000;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<Guid, BulkReplayJob> _jobs = new();
    private readonly Channel<BulkReplayJob> _work = Channel.CreateUnbounded<BulkReplayJob>();

    internal ChannelReader<BulkReplayJob> Work => _work.Reader;

    /// <summary>Starts the dry runs. Nothing is replayed before <see cref="TryStart"/>.</summary>
    public BulkReplayJob Preview(NotificationFilter filter, Actor actor)
    {
        var now = time.GetUtcNow();
        foreach (var old in _jobs.Values.Where(job => now - job.CreatedAt > Kept && job.State is not (BulkReplayState.Running or BulkReplayState.Previewing)))
        {
            _jobs.TryRemove(old.Id, out _);
            old.Dispose();
        }

        var job = new BulkReplayJob(Guid.CreateVersion7(), actor, filter, now);
        _jobs[job.Id] = job;
        _work.Writer.TryWrite(job);
        return job;
    }

    /// <returns>Null when the store has no such job (any more).</returns>
    public BulkReplayJob? Find(Guid id, Guid storeId) => _jobs.TryGetValue(id, out var job) && job.Actor.StoreId == storeId ? job : null;

    /// <returns>False when the job cannot start (again), or without a reason.</returns>
    public bool TryStart(BulkReplayJob job, string reason) =>
        !string.IsNullOrWhiteSpace(reason) && reason.Length <= ReplayNotification.MaxReasonLength && job.TryStart(reason.Trim()) && _work.Writer.TryWrite(job);

    /// <summary>Ends a job before its next row. What was replayed stays replayed.</summary>
    public void Cancel(BulkReplayJob job)
    {
        if (job.State is BulkReplayState.Previewing or BulkReplayState.Running)
        {
            job.Cancel();
        }
        else if (job.State == BulkReplayState.Ready)
        {
            job.Enter(BulkReplayState.Cancelled);
        }
    }
}
