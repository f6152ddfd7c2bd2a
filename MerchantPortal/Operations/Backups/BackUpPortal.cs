using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Backups;

/// <summary>Writes the whole configured database, as it is at one moment, into one file. The portal may run meanwhile.</summary>
public sealed class BackUpPortal(PortalContexts contexts)
{
    /// <param name="path">Where the file is to be; it appears there only when it is complete, synced and sound.</param>
    /// <param name="replace">Whether an existing file may make room.</param>
    public async Task<BackupResult> ExecuteAsync(string path, bool replace, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && !replace)
        {
            return new BackupResult.Refused($"{path} is there already. Choose another name, or say --force.");
        }

        var partial = path + ".partial";
        try
        {
            BackupFile.CreateEmpty(partial);
            await FillAsync(partial, progress, cancellationToken);
            BackupFile.Sync(partial);
            File.Move(partial, path, overwrite: true);
            return new BackupResult.Made(new FileInfo(path).Length);
        }
        catch (BackupException exception)
        {
            return new BackupResult.Refused(exception.Message);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task FillAsync(string partial, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (contexts.SqliteFile is { } file)
        {
            if (!File.Exists(file))
            {
                throw new BackupException($"There is no database at {file}.");
            }

            SqliteCopy.Run(file, partial, progress, cancellationToken);
        }

        await using var copy = BackupFile.Open(partial);
        if (contexts.SqliteFile is null)
        {
            await ExportAsync(copy, progress, cancellationToken);
        }

        await BackupFile.EnsureSoundAsync(copy, cancellationToken);
    }

    private async Task ExportAsync(SqlitePortalDbContext copy, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var (applied, known) = (await db.Database.GetAppliedMigrationsAsync(cancellationToken), db.Database.GetMigrations());
        if (!applied.SequenceEqual(known))
        {
            throw new BackupException("The database has the schema of another version. Back it up with that version, or migrate first.");
        }

        await SqliteTables.MigrateAsync(copy, cancellationToken);
        await CopyRows.FromPostgresAsync(db, copy, progress, cancellationToken);
    }
}

public abstract record BackupResult
{
    /// <param name="Bytes">Size of the file.</param>
    public sealed record Made(long Bytes) : BackupResult;

    /// <param name="Message">Why, and what to do, for the operator. There is no new file.</param>
    public sealed record Refused(string Message) : BackupResult;
}
