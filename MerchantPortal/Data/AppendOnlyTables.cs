using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>
/// Triggers that refuse to change or delete what is only ever added: no bug, and nobody with the portal's own connection, rewrites
/// the books. Made at every start, so that one that was dropped is back.
/// </summary>
internal static class AppendOnlyTables
{
    public static readonly string[] Names = [nameof(PortalDbContext.LedgerEntries), nameof(PortalDbContext.AuditEntries), nameof(PortalDbContext.DayCloses)];

    public static async Task ProtectAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var statement in db is SqlitePortalDbContext ? Names.SelectMany(Sqlite) : [.. PostgresFunction, .. Names.SelectMany(Postgres)])
        {
            await db.Database.ExecuteSqlRawAsync(statement, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static IEnumerable<string> Sqlite(string table) => [Sqlite(table, "UPDATE"), Sqlite(table, "DELETE")];

    private static string Sqlite(string table, string verb) =>
        $"""CREATE TRIGGER IF NOT EXISTS "{table}_{verb}" BEFORE {verb} ON "{table}" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""";

    /// <summary>The lock: two instances that start together must not replace the same function at once.</summary>
    private static readonly string[] PostgresFunction =
    [
        "SELECT pg_advisory_xact_lock(7310001)",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    ];

    private static IEnumerable<string> Postgres(string table) =>
    [
        $"""CREATE OR REPLACE TRIGGER "{table}_change" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
        $"""CREATE OR REPLACE TRIGGER "{table}_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ];
}
