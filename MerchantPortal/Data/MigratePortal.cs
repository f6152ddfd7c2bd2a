using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Brings the configured database to this version's schema. Merchants host this themselves, so it runs at every start.</summary>
public sealed class MigratePortal(PortalContexts contexts, OneInstance instance)
{
    private const long OldestSqlite = 3_035_000;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateWriting();
        if (contexts.Provider == DatabaseProvider.Sqlite)
        {
            await PrepareSqliteAsync(db, cancellationToken);
        }

        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidOperationException(
                $"The database was written by a newer version (migration {unknown[^1]}). Start that version, or restore a backup made before the upgrade.");
        }

        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            await UpgradeAsync(db, cancellationToken);
        }

        await AppendOnlyTables.ProtectAsync(db, cancellationToken);
        await OrderTallies.KeepAsync(db, cancellationToken);
    }

    private async Task UpgradeAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        if (contexts.Provider == DatabaseProvider.Sqlite)
        {
            await instance.TakeAsync(cancellationToken);
            // EF marks a migration that is under way by a row, and waits without end for one whose process was killed. Nobody else is here.
            await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock";""", cancellationToken);
            await SqliteTables.MigrateAsync(db, cancellationToken);
            return;
        }

        // EF lets go of its own lock between two migrations, where another instance that starts would come in and make the rest as well.
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_lock(7310003)", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock(7310003)", cancellationToken);
    }

    private static async Task PrepareSqliteAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        if (SQLitePCL.raw.sqlite3_libversion_number() < OldestSqlite)
        {
            throw new InvalidOperationException("SQLite 3.35 or later is required.");
        }

        // Persists in the file. The other settings do not, see SqliteConnectionSettings.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
    }
}
