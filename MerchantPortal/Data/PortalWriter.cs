using MerchantPortal.Orders;

namespace MerchantPortal.Data;

/// <summary>
/// Every write of the portal: one unit of work, one transaction, one commit. The work reads, decides and changes tracked rows;
/// it neither saves nor commits itself. When somebody else was first (unique key, version), the work runs again on fresh data.
/// After the commit the stores whose feed grew are signalled.
/// </summary>
public sealed class PortalWriter(PortalContexts contexts, WriteGate gate, FeedSignal signal)
{
    private const int MaxRounds = 5;

    /// <exception cref="DatabaseBusyException">Nothing has been written; the caller may try again.</exception>
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
        Guid[] changedStores;
        T result;
        using (contexts.Provider == DatabaseProvider.Sqlite ? await gate.EnterAsync(cancellationToken) : null)
        {
            await using var db = contexts.CreateWriting();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            result = await work(db, cancellationToken);
            if (!commit)
            {
                await transaction.RollbackAsync(cancellationToken);
                return result;
            }

            changedStores = [.. db.ChangeTracker.Entries<FeedEntry>().Select(entry => entry.Entity.StoreId).Distinct()];
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            PortalMetrics.Commits.Add(1);
        }

        foreach (var storeId in changedStores)
        {
            signal.Raise(storeId);
        }

        return result;
    }
}
