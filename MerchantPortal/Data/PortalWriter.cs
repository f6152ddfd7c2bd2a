using System.Diagnostics;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// Every write of the portal: one unit of work, all or nothing, durable when the call returns. The work reads, decides and changes tracked rows;
/// it neither saves nor commits itself. When somebody else was first (unique key, version), the work runs again on fresh data.
/// After the commit the stores whose feed grew are signalled.
/// </summary>
public sealed class PortalWriter(PortalContexts contexts, WriteGate gate, PortalWriterContext context) : IAsyncDisposable
{
    private const int MaxRounds = 5;

    private readonly GroupCommit? _group = contexts.Provider == DatabaseProvider.Sqlite ? new GroupCommit(contexts.CreateWriting, gate, context) : null;

    /// <exception cref="DatabaseBusyException">Nothing has been written; the caller may try again.</exception>
    /// <exception cref="CommitUncertainException">The connection was lost during the commit: it took place or not. Read before deciding.</exception>
    public Task<T> WriteAsync<T>(Func<PortalDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(work, commit: true, cancellationToken);

    /// <summary>Runs the work in a transaction that is always rolled back. Returns what the work returned and what it would have changed.</summary>
    public async Task<(T Result, IReadOnlyList<FieldChange> Changes)> RehearseAsync<T>(
        Func<PortalDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        IReadOnlyList<FieldChange> changes = [];
        var result = await RunAsync(
            async (db, ct) =>
            {
                var value = await work(db, ct);
                changes = FieldChange.Of(db.ChangeTracker);
                return value;
            },
            commit: false,
            cancellationToken);
        return (result, changes);
    }

    public ValueTask DisposeAsync() => _group?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<T> RunAsync<T>(Func<PortalDbContext, CancellationToken, Task<T>> work, bool commit, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await RunOnceAsync(work, commit, cancellationToken);
            }
            catch (Exception exception) when (round < MaxRounds && UniqueViolation.IsConflict(exception))
            {
                // Somebody else was first: decide again on what is there now.
            }
            catch (Exception exception) when (UniqueViolation.IsBusy(exception))
            {
                throw new DatabaseBusyException();
            }
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<PortalDbContext, CancellationToken, Task<T>> work, bool commit, CancellationToken cancellationToken)
    {
        Guid[] changedStores = [];
        var result = new T[1];
        var caller = Activity.Current;
        await (_group is null ? RunAloneAsync(UnitAsync, cancellationToken) : _group.RunAsync(UnitAsync, cancellationToken));
        await context.Failpoints.ReachAsync(Failpoints.BeforeFeedPublish);
        foreach (var storeId in changedStores)
        {
            context.Signal.Raise(storeId);
        }

        return result[0];

        async Task<bool> UnitAsync(PortalDbContext db)
        {
            // A shared commit runs for many callers: what the unit writes and logs still belongs to its own.
            Activity.Current = caller;
            result[0] = await work(db, cancellationToken);
            if (commit)
            {
                changedStores = [.. db.ChangeTracker.Entries<FeedEntry>().Select(entry => entry.Entity.StoreId).Distinct()];
                await db.SaveChangesAsync(cancellationToken);
            }

            return commit;
        }
    }

    /// <summary>PostgreSQL takes many writers at once: one transaction each.</summary>
    private async Task RunAloneAsync(Func<PortalDbContext, Task<bool>> unit, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateWriting();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await unit(db))
        {
            await CommitAsync(transaction);
        }
    }

    /// <summary>Not to be cancelled: once COMMIT is on its way, nobody knows whether it took place until the answer is here.</summary>
    private async Task CommitAsync(IDbContextTransaction transaction)
    {
        await context.Failpoints.ReachAsync(Failpoints.BeforeCommit);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception exception) when (UniqueViolation.IsConnectionLost(exception))
        {
            throw new CommitUncertainException(exception);
        }

        context.Metrics.Commits.Add(1);
        await context.Failpoints.ReachAsync(Failpoints.AfterCommit);
    }
}

/// <summary>The database did not say whether the last commit took place.</summary>
public sealed class CommitUncertainException(Exception cause) : Exception("The connection was lost during the commit; it took place or not.", cause);
