using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantPortal.Data;

/// <summary>
/// What SQLite forgets with each connection, set and read back whenever one is opened, pooled ones too: a payment that was
/// acknowledged must survive a power cut, so <c>synchronous</c> is FULL or the connection is refused.
/// </summary>
internal sealed class SqliteConnectionSettings(bool readOnly) : DbConnectionInterceptor
{
    private readonly string _pragmas =
        $"PRAGMA busy_timeout=500; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA query_only={(readOnly ? "ON" : "OFF")};{(readOnly ? "" : Writing)}";

    /// <summary>
    /// Room for the pages that every write touches, 32 MB, and a longer log, because a page that was written many times goes to the database
    /// once. No temp_store=MEMORY: with it a batch that used savepoints has crashed SQLite 3.35.
    /// </summary>
    private const string Writing = " PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
        Expect(command, "synchronous", 2);
        Expect(command, "foreign_keys", 1);
        Expect(command, "query_only", readOnly ? 1 : 0);
    }

    private static void Expect(DbCommand command, string pragma, long wanted)
    {
        command.CommandText = $"PRAGMA {pragma};";
        var got = Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (got != wanted)
        {
            throw new InvalidOperationException($"SQLite did not accept {pragma}={wanted} (it says {got}); refusing to use this connection.");
        }
    }
}
