using System.Globalization;
using MerchantPortal.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MerchantPortal.Operations.Backups;

/// <summary>
/// Makes the configured database what a backup says. The file is copied, checked and brought to this version's schema first; only then
/// the database is touched, and it is replaced whole or not at all.
/// </summary>
public sealed class RestorePortal(PortalContexts contexts, OneInstance instance, MigratePortal migrate, TimeProvider time)
{
    /// <param name="path">The backup; it is only read.</param>
    /// <param name="replace">Whether a database that has something in it may make room.</param>
    public async Task<RestoreResult> ExecuteAsync(string path, bool replace, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return new RestoreResult.Refused($"There is no file {path}.");
        }

        if (!BackupFile.LooksLikeOne(path))
        {
            return new RestoreResult.Refused($"{path} is not a backup of this portal.");
        }

        var copy = contexts.SqliteFile is { } file ? file + ".restoring" : Path.Combine(Path.GetTempPath(), $"portal-{Guid.NewGuid():N}.restoring");
        try
        {
            await PrepareAsync(path, copy, progress, cancellationToken);
            return contexts.SqliteFile is { } target
                ? await InstallAsync(copy, target, replace, cancellationToken)
                : await ImportAsync(copy, replace, progress, cancellationToken);
        }
        catch (BackupException exception)
        {
            return new RestoreResult.Refused(exception.Message);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task PrepareAsync(string path, string copy, IProgress<string> progress, CancellationToken cancellationToken)
    {
        BackupFile.CreateEmpty(copy);
        SqliteCopy.Run(path, copy, progress, cancellationToken);
        await using var db = BackupFile.Open(copy);
        await BackupFile.EnsureSoundAsync(db, cancellationToken);
        await SqliteTables.MigrateAsync(db, cancellationToken);
        await AppendOnlyTables.ProtectAsync(db, cancellationToken);
    }

    private async Task<RestoreResult> InstallAsync(string copy, string target, bool replace, CancellationToken cancellationToken)
    {
        if (!instance.TryTake())
        {
            throw new BackupException($"The portal is running on {target}. Stop it first.");
        }

        string? kept = null;
        if (File.Exists(target))
        {
            await EnsureMayReplaceAsync(replace, cancellationToken);
            await FoldLogAsync(target, cancellationToken);
            kept = target + time.GetUtcNow().ToString(".'replaced'-yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            File.Move(target, kept);
        }

        BackupFile.Sync(copy);
        File.Move(copy, target);
        return new RestoreResult.Restored(kept);
    }

    private async Task<RestoreResult> ImportAsync(string copy, bool replace, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await EnsureAloneAsync(cancellationToken);
        await migrate.ExecuteAsync(cancellationToken);
        await EnsureMayReplaceAsync(replace, cancellationToken);
        await using var from = BackupFile.Open(copy);
        await using var to = contexts.CreateWriting();
        await CopyRows.ToPostgresAsync(from, to, progress, cancellationToken);
        return new RestoreResult.Restored(KeptAt: null);
    }

    private async Task EnsureMayReplaceAsync(bool replace, CancellationToken cancellationToken)
    {
        if (!replace && await FirstFilledTableAsync(cancellationToken) is { } filled)
        {
            throw new BackupException($"The database is not empty (there are rows in {filled}). To replace everything in it, say --force.");
        }
    }

    /// <summary>Whatever schema it has. The key ring does not count: each start may add to it.</summary>
    private async Task<string?> FirstFilledTableAsync(CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var tables = await db.Database.SqlQueryRaw<string>(contexts.SqliteFile is null
            ? """SELECT table_name AS "Value" FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"""
            : """SELECT "name" AS "Value" FROM sqlite_master WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite%' ORDER BY 1""").ToListAsync(cancellationToken);
        foreach (var table in tables.Where(table => !table.StartsWith("__EF", StringComparison.Ordinal) && table != nameof(db.DataProtectionKeys)))
        {
            var look = $"""SELECT COUNT(*) AS "Value" FROM (SELECT 1 FROM "{table}" LIMIT 1) AS found""";
            if (await db.Database.SqlQueryRaw<int>(look).ToListAsync(cancellationToken) is not [0])
            {
                return table;
            }
        }

        return null;
    }

    /// <summary>Brings what is still in the log into the file: a log that outlives its database would be played into the next one.</summary>
    private static async Task FoldLogAsync(string target, CancellationToken cancellationToken)
    {
        SqliteConnection.ClearAllPools();
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Pooling = false, DefaultTimeout = 2 }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE";
        try
        {
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (SqliteException)
        {
            throw new BackupException($"Another program has {target} open. Close it first.");
        }
    }

    private async Task EnsureAloneAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection.ClearAllPools();
        await using var db = contexts.CreateDbContext();
        var others = await db.Database.SqlQueryRaw<int>(
            """
            SELECT CAST(COUNT(*) AS INT) AS "Value" FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()
            """).ToListAsync(cancellationToken);
        if (others is not [0])
        {
            throw new BackupException("The portal is running on this database. Stop every instance first.");
        }
    }
}

public abstract record RestoreResult
{
    /// <param name="KeptAt">Where the replaced SQLite file is now; null when there was none, and on PostgreSQL.</param>
    public sealed record Restored(string? KeptAt) : RestoreResult;

    /// <param name="Message">Why, and what to do, for the operator. The database is as it was.</param>
    public sealed record Refused(string Message) : RestoreResult;
}
