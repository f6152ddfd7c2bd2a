using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>
/// What time it is for all who share a database. Instances' clocks differ, so on PostgreSQL it is the server's that counts; a SQLite file
/// serves one portal, whose own clock is the only one.
/// </summary>
internal static class DatabaseClock
{
    /// <summary>Of this moment: the time of the transaction is when it began, which may be long ago.</summary>
    private const string ServerMilliseconds = """SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint) AS "Value" """;

    public static async Task<DateTimeOffset> NowAsync(this PortalDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        db is PostgresPortalDbContext
            ? DateTimeOffset.FromUnixTimeMilliseconds(await db.Database.SqlQueryRaw<long>(ServerMilliseconds).SingleAsync(cancellationToken))
            : time.GetUtcNow();
}
