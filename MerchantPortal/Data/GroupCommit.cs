using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// Writes to SQLite for everyone, one batch at a time: units of work that wait together share one transaction, hence one sync to
/// disk. Each has a savepoint of its own and finds the context empty, so one that fails or has to decide again does not touch its neighbours.
/// Nobody is told "done" before the shared commit. Bounded: a stuck disk turns into a prompt "busy".
/// </summary>
internal sealed partial class GroupCommit : IAsyncDisposable
{
    private const int MaxWaiting = 2_000;
    private const int MaxBatch = 64;

    /// <summary>A gateway waits five seconds for its answer: whoever has waited this long is told "busy" while that still reaches it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>How long the end of the program waits for what is queued; nobody has been told that it is done.</summary>
    private static readonly TimeSpan LastCommits = TimeSpan.FromSeconds(3);

    private readonly Channel<Unit> _queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Func<PortalDbContext> _contexts;
    private readonly WriteGate _gate;
    private readonly PortalWriterContext _context;
    private readonly Task _loop;

    /// <summary>Works for all, one after the other, and stays open with the pages it has read and the statements it has compiled; null before the first batch and after a failure.</summary>
    private PortalDbContext? _owner;

    public GroupCommit(Func<PortalDbContext> contexts, WriteGate gate, PortalWriterContext context)
    {
        (_contexts, _gate, _context) = (contexts, gate, context);
        _loop = Task.Run(RunAsync);
    }

    /// <param name="work">Reads, decides, saves; true when its changes are to stay, false when they are to be rolled back.</param>
    /// <exception cref="DatabaseBusyException">Too many are waiting; nothing has been done.</exception>
    public Task RunAsync(Func<PortalDbContext, Task<bool>> work, CancellationToken cancellationToken)
    {
        var unit = new Unit(work, _context.Time.GetTimestamp(), cancellationToken);
        return _queue.Writer.TryWrite(unit) ? unit.Done.Task : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _loop.WaitAsync(LastCommits, _context.Time);
        }
        catch (TimeoutException)
        {
            Log.LeftWaiting(_context.Logger, _queue.Reader.Count);
            return;
        }

        await CloseAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<Unit>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var unit))
            {
                Take(unit, batch);
            }

            if (batch.Count > 0)
            {
                await CommitAsync(batch);
                batch.Clear();
            }
        }
    }

    private void Take(Unit unit, List<Unit> batch)
    {
        if (_context.Time.GetElapsedTime(unit.Since) < Patience)
        {
            batch.Add(unit);
            return;
        }

        unit.Failure = new DatabaseBusyException();
        unit.Complete();
    }

    private async Task CommitAsync(List<Unit> batch)
    {
        try
        {
            using var turn = await _gate.EnterAsync(CancellationToken.None);
            var owner = await OpenAsync();
            await using var transaction = await BeginAsync(owner, batch[0]);
            // Alone, a unit is rolled back with the transaction; a savepoint would keep a copy of each page that it changes.
            var savepoint = batch.Count > 1 ? "unit" : null;
            var changed = false;
            foreach (var unit in batch)
            {
                changed |= await RunOneAsync(unit, owner, transaction, savepoint);
            }

            if (changed)
            {
                await _context.Failpoints.ReachAsync(Failpoints.BeforeCommit);
                await transaction.CommitAsync();
                _context.Metrics.Commits.Add(1);
                await _context.Failpoints.ReachAsync(Failpoints.AfterCommit);
            }
        }
        catch (Exception exception)
        {
            // Nothing of the batch is durable: everyone in it is told so.
            Log.BatchFailed(_context.Logger, batch.Count, exception.Message);
            batch.ForEach(unit => unit.Failure ??= exception);
            await CloseAsync();
        }

        batch.ForEach(unit => unit.Complete());
    }

    private async Task<PortalDbContext> OpenAsync()
    {
        if (_owner is null)
        {
            var owner = _contexts();
            await owner.Database.OpenConnectionAsync();
            _owner = owner;
        }

        return _owner;
    }

    private async Task CloseAsync()
    {
        if (_owner is { } owner)
        {
            _owner = null;
            await owner.DisposeAsync();
        }
    }

    /// <summary>Another process may hold the file for a moment, e.g. one that looks into it.</summary>
    private async Task<IDbContextTransaction> BeginAsync(PortalDbContext owner, Unit oldest)
    {
        while (true)
        {
            try
            {
                return await owner.Database.BeginTransactionAsync();
            }
            catch (SqliteException exception) when (UniqueViolation.IsBusy(exception) && _context.Time.GetElapsedTime(oldest.Since) < Patience)
            {
                // Waited for already, inside the call.
            }
        }
    }

    /// <param name="savepoint">Null for the only unit of its transaction.</param>
    /// <returns>True when something is to be committed.</returns>
    private static async Task<bool> RunOneAsync(Unit unit, PortalDbContext owner, IDbContextTransaction transaction, string? savepoint)
    {
        await (savepoint is null ? Task.CompletedTask : transaction.CreateSavepointAsync(savepoint));
        try
        {
            unit.CancellationToken.ThrowIfCancellationRequested();
            if (await unit.Work(owner))
            {
                await (savepoint is null ? Task.CompletedTask : transaction.ReleaseSavepointAsync(savepoint));
                return true;
            }
        }
        catch (Exception exception)
        {
            unit.Failure = exception;
        }
        finally
        {
            // The next one must find nothing of it, least of all rows that it has read.
            owner.ChangeTracker.Clear();
        }

        await (savepoint is null ? Task.CompletedTask : transaction.RollbackToSavepointAsync(savepoint));
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(2041, LogLevel.Critical, "The database took no write: {Reason} Nothing of {Units} units was written, and all were told so")]
        public static partial void BatchFailed(ILogger logger, int units, string reason);

        [LoggerMessage(2042, LogLevel.Warning, "Stopped while {Units} units still waited for the database; none of them was acknowledged")]
        public static partial void LeftWaiting(ILogger logger, int units);
    }

    private sealed class Unit(Func<PortalDbContext, Task<bool>> work, long since, CancellationToken cancellationToken)
    {
        /// <summary>Timestamp of its arrival.</summary>
        public long Since { get; } = since;

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
