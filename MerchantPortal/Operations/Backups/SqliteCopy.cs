using SQLitePCL;

namespace MerchantPortal.Operations.Backups;

/// <summary>SQLite's online backup: one state of a database, page by page, while others go on reading and writing it.</summary>
internal static class SqliteCopy
{
    private const int PagesPerStep = 2_048;
    private const int BusyMilliseconds = 5_000;

    /// <param name="from">Path of a database; it is not changed.</param>
    /// <param name="to">Path of an empty file; it becomes one whole file, without a log beside it, and is on disk when this returns.</param>
    /// <exception cref="BackupException">A file cannot be opened, read or written.</exception>
    public static void Run(string from, string to, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var source = Open(from, raw.SQLITE_OPEN_READWRITE);
        using var target = Open(to, raw.SQLITE_OPEN_READWRITE);
        // The open transaction pins the state that is copied: without it each commit of somebody else would start the copy anew.
        Execute(source, "PRAGMA query_only=ON; BEGIN; SELECT COUNT(*) FROM sqlite_master;");
        CopyPages(source, target, progress, cancellationToken);
        Execute(source, "COMMIT");
        Execute(target, "PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE;");
    }

    private static void CopyPages(sqlite3 source, sqlite3 target, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(target, "main", source, "main");
        var step = raw.SQLITE_OK;
        while (step == raw.SQLITE_OK)
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = raw.sqlite3_backup_step(backup, PagesPerStep);
            var (left, pages) = (raw.sqlite3_backup_remaining(backup), raw.sqlite3_backup_pagecount(backup));
            progress.Report($"{pages - left} of {pages} pages");
        }

        if (step != raw.SQLITE_DONE)
        {
            throw new BackupException($"The copy stopped: {raw.sqlite3_errstr(step).utf8_to_string()}.");
        }
    }

    private static sqlite3 Open(string path, int flags)
    {
        var result = raw.sqlite3_open_v2(path, out var database, flags, null);
        if (result != raw.SQLITE_OK)
        {
            database.Dispose();
            throw new BackupException($"{path} cannot be opened: {raw.sqlite3_errstr(result).utf8_to_string()}.");
        }

        raw.sqlite3_busy_timeout(database, BusyMilliseconds);
        return database;
    }

    private static void Execute(sqlite3 database, string sql)
    {
        if (raw.sqlite3_exec(database, sql) != raw.SQLITE_OK)
        {
            throw new BackupException($"The copy stopped: {raw.sqlite3_errmsg(database).utf8_to_string()}.");
        }
    }
}

/// <summary>A backup or a restore cannot go on; the message is for the operator and names the file.</summary>
public sealed class BackupException(string message) : Exception(message);
