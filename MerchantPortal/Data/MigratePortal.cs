using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Brings the configured database to this version's schema. Merchants host this themselves, so it runs at every start.</summary>
public sealed class MigratePortal(PortalContexts contexts)
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

        await db.Database.MigrateAsync(cancellationToken);
        await AppendOnlyTables.ProtectAsync(db, cancellationToken);
        await OrderTallies.KeepAsync(db, cancellationToken);
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
