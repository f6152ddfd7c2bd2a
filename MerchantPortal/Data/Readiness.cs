using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>
/// Whether this instance can take money now: it is not stopping, its disk has room, the schema is this version's, and a real write through
/// the portal's own writer becomes durable in time. Looked at once a second at most, however many ask.
/// </summary>
public sealed partial class Readiness(
    PortalContexts contexts, PortalWriter writer, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Readiness> logger)
{
    /// <summary>Below this much room the next hour's callbacks may not fit.</summary>
    private const long LeastFreeBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool>? _look;
    private long _lookedAt;

    public async Task<bool> IsReadyAsync()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            return await Look().WaitAsync(Limit, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>One look at a time: where the writer is stuck, all who ask wait for the same one.</summary>
    private Task<bool> Look()
    {
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && time.GetElapsedTime(_lookedAt) >= Fresh))
            {
                (_look, _lookedAt) = (LookAsync(), time.GetTimestamp());
            }

            return _look;
        }
    }

    private async Task<bool> LookAsync()
    {
        try
        {
            EnsureRoom();
            await EnsureSchemaAsync();
            await writer.WriteAsync(TouchAsync, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is: this instance had better not be asked.
            Log.NotReady(logger, exception.Message);
            return false;
        }
    }

    private void EnsureRoom()
    {
        if (contexts.SqliteFile is { } file && new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < LeastFreeBytes)
        {
            throw new IOException($"The disk of {file} has less than {LeastFreeBytes / 1024 / 1024} MiB left.");
        }
    }

    private async Task EnsureSchemaAsync()
    {
        await using var db = contexts.CreateDbContext();
        if (!(await db.Database.GetAppliedMigrationsAsync()).SequenceEqual(db.Database.GetMigrations()))
        {
            throw new InvalidOperationException("The database has the schema of another version.");
        }
    }

    /// <summary>The smallest real write: one row is written as it is.</summary>
    private static Task<int> TouchAsync(PortalDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(
        """
        UPDATE "__EFMigrationsHistory" SET "ProductVersion" = "ProductVersion"
         WHERE "MigrationId" = (SELECT MAX("MigrationId") FROM "__EFMigrationsHistory")
        """,
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(2040, LogLevel.Critical, "Not ready to take money: {Reason}")]
        public static partial void NotReady(ILogger logger, string reason);
    }
}
