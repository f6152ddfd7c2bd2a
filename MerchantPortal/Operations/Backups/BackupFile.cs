using MerchantPortal.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MerchantPortal.Operations.Backups;

/// <summary>
/// A backup is one SQLite file with the portal's own schema, whichever database it was taken from: it can be looked into with any
/// SQLite tool, checked with <c>check</c>, and restored into either database.
/// </summary>
internal static class BackupFile
{
    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    /// <summary>An empty file that only its owner can read; what an earlier, broken-off run left is replaced.</summary>
    public static void CreateEmpty(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
    }

    public static bool LooksLikeOne(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[Magic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic);
    }

    /// <summary>A context of its own: no pool keeps the file open afterwards, and syncing each page while it is filled would be for nothing.</summary>
    public static SqlitePortalDbContext Open(string path) => new(new DbContextOptionsBuilder<SqlitePortalDbContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString())
        .ReplaceService<IMigrationsSqlGenerator, SqliteTables>()
        .Options);

    /// <exception cref="BackupException">Damaged, of another program, or of a newer version.</exception>
    public static async Task EnsureSoundAsync(SqlitePortalDbContext db, CancellationToken cancellationToken)
    {
        var verdict = await db.Database.SqlQueryRaw<string>("""SELECT integrity_check AS "Value" FROM pragma_integrity_check LIMIT 1""").ToListAsync(cancellationToken);
        if (verdict is not ["ok"])
        {
            throw new BackupException($"The file is damaged: {verdict.FirstOrDefault()}");
        }

        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Count == 0)
        {
            throw new BackupException("The file is a database, but not one of this portal.");
        }

        if (applied.Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
        {
            throw new BackupException($"The file was written by a newer version (migration {unknown}). Restore it with that version.");
        }
    }

    /// <summary>Makes sure that the file survives a power cut from here on.</summary>
    public static void Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
