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
        await CreateAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>In the caller's transaction.</summary>
    internal static async Task CreateAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        foreach (var statement in db is SqlitePortalDbContext ? Names.SelectMany(Sqlite) : [.. PostgresFunction, .. Names.SelectMany(Postgres)])
        {
            await db.Database.ExecuteSqlRawAsync(statement, cancellationToken);
        }
    }

    /// <summary>What does not stand in a changer's way: a trigger that is missing, switched off, or does something else.</summary>
    public static async Task<IReadOnlyList<string>> FindUnprotectedAsync(PortalDbContext db, string table, CancellationToken cancellationToken)
    {
        var found = db is SqlitePortalDbContext
            ? await db.Database.SqlQuery<string>($"""SELECT "sql" AS "Value" FROM "sqlite_master" WHERE "type" = 'trigger' AND "tbl_name" = {table}""").ToListAsync(cancellationToken)
            : await db.Database.SqlQuery<string>(
                $"""
                SELECT t.tgname::text AS "Value" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
                 WHERE c.relname = {table} AND t.tgenabled IN ('O', 'A') AND p.proname = 'refuse_change' AND p.prosrc = {PostgresBody}
                """).ToListAsync(cancellationToken);
        var wanted = db is SqlitePortalDbContext ? Sqlite(table).Select(sql => sql.Replace("IF NOT EXISTS ", "", StringComparison.Ordinal)) : [$"{table}_change", $"{table}_truncate"];
        return [.. wanted.Except(found)];
    }

    private static IEnumerable<string> Sqlite(string table) => [Sqlite(table, "UPDATE"), Sqlite(table, "DELETE")];

    private static string Sqlite(string table, string verb) =>
        $"""CREATE TRIGGER IF NOT EXISTS "{table}_{verb}" BEFORE {verb} ON "{table}" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""";

    private const string PostgresBody = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END ";

    /// <summary>The lock: two instances that start together must not replace the same function at once.</summary>
    private static readonly string[] PostgresFunction =
    [
        "SELECT pg_advisory_xact_lock(7310001)",
        $"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${PostgresBody}$$",
    ];

    private static IEnumerable<string> Postgres(string table) =>
    [
        $"""CREATE OR REPLACE TRIGGER "{table}_change" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
        $"""CREATE OR REPLACE TRIGGER "{table}_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ];
}
