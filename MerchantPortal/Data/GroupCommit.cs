using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// Writes to SQLite for everyone, one batch at a time: units of work that wait together share one transaction, hence one sync to
/// disk. Each has a context and a savepoint of its own, so one that fails or has to decide again does not touch its neighbours.
/// Nobody is told "done" before the shared commit. Bounded: a stuck disk turns into a prompt "busy".
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaxWaiting = 2_000;
    private const int MaxBatch = 64;

    private readonly Channel<Unit> _queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Func<PortalDbContext> _contexts;
    private readonly WriteGate _gate;
    private readonly PortalMetrics _metrics;
    private readonly Task _loop;

    public GroupCommit(Func<PortalDbContext> contexts, WriteGate gate, PortalMetrics metrics)
    {
        (_contexts, _gate, _metrics) = (contexts, gate, metrics);
        _loop = Task.Run(RunAsync);
    }

    /// <param name="work">Reads, decides, saves; true when its changes are to stay, false when they are to be rolled back.</param>
    /// <exception cref="DatabaseBusyException">Too many are waiting; nothing has been done.</exception>
    public Task RunAsync(Func<PortalDbContext, Task<bool>> work, CancellationToken cancellationToken)
    {
        var unit = new Unit(work, cancellationToken);
        return _queue.Writer.TryWrite(unit) ? unit.Done.Task : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<Unit>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var unit))
            {
                batch.Add(unit);
            }

            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Unit> batch)
    {
        try
        {
            using var turn = await _gate.EnterAsync(CancellationToken.None);
            await using var owner = _contexts();
            await using var transaction = await owner.Database.BeginTransactionAsync();
            var changed = false;
            foreach (var unit in batch)
            {
                changed |= await RunOneAsync(unit, owner.Database.GetDbConnection(), transaction);
            }

            if (changed)
            {
                await transaction.CommitAsync();
                _metrics.Commits.Add(1);
            }
        }
        catch (Exception exception)
        {
            // Nothing of the batch is durable: everyone in it is told so.
            batch.ForEach(unit => unit.Failure ??= exception);
        }

        batch.ForEach(unit => unit.Complete());
    }

    /// <returns>True when something is to be committed.</returns>
    private async Task<bool> RunOneAsync(Unit unit, DbConnection connection, IDbContextTransaction transaction)
    {
        const string savepoint = "unit";
        await transaction.CreateSavepointAsync(savepoint);
        try
        {
            unit.CancellationToken.ThrowIfCancellationRequested();
            await using var db = _contexts();
            db.Database.SetDbConnection(connection);
            await db.Database.UseTransactionAsync(transaction.GetDbTransaction());
            if (await unit.Work(db))
            {
                await transaction.ReleaseSavepointAsync(savepoint);
                return true;
            }
        }
        catch (Exception exception)
        {
            unit.Failure = exception;
        }

        await transaction.RollbackToSavepointAsync(savepoint);
        return false;
    }

    private sealed class Unit(Func<PortalDbContext, Task<bool>> work, CancellationToken cancellationToken)
    {
        public Func<PortalDbContext, Task<bool>> Work { get; } = work;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; set; }

        public void Complete()
        {
            if (Failure is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(Failure);
            }
        }
    }
}
