using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Several reads that see one state of the database, however much is written meanwhile. Blocks no writer.</summary>
internal static class ReadSnapshot
{
    /// <returns>To be disposed after the last read. A context that is in a transaction already reads in that one.</returns>
    public static async Task<IAsyncDisposable> BeginAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            return new InCallersTransaction();
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        if (db.Database.GetDbConnection() is SqliteConnection sqlite)
        {
            // Deferred: an immediate transaction would take the writers' lock.
            var deferred = sqlite.BeginTransaction(deferred: true);
            await db.Database.UseTransactionAsync(deferred, cancellationToken);
            return new Ended(db, deferred);
        }

        return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }

    private sealed class Ended(PortalDbContext db, SqliteTransaction deferred) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.UseTransactionAsync(null);
            await deferred.DisposeAsync();
            await db.Database.CloseConnectionAsync();
        }
    }

    private sealed class InCallersTransaction : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
