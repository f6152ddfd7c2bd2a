using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>
/// Triggers that keep <see cref="OrderTally"/> with every change of an order, in its transaction, whoever makes it. Looked after at every
/// start: where they are missing the tallies are counted anew.
/// </summary>
internal static class OrderTallies
{
    public const string Table = "OrderTallies";

    private const string Columns = """("StoreId", "Span", "Status", "Flags", "Count", "Paid", "Refunded")""";

    private static readonly string Add =
        $"""
        INSERT INTO "{Table}" {Columns} VALUES (NEW."StoreId", NEW."CreatedAt" / {OrderTally.SpanMilliseconds}, NEW."Status", NEW."Flags", 1, NEW."PaidAmount", NEW."RefundedAmount")
          ON CONFLICT ("StoreId", "Span", "Status", "Flags") DO UPDATE SET "Count" = "{Table}"."Count" + 1,
             "Paid" = "{Table}"."Paid" + excluded."Paid", "Refunded" = "{Table}"."Refunded" + excluded."Refunded";
        """;

    private static readonly string Subtract =
        $"""
        UPDATE "{Table}" SET "Count" = "Count" - 1, "Paid" = "Paid" - OLD."PaidAmount", "Refunded" = "Refunded" - OLD."RefundedAmount"
          WHERE "StoreId" = OLD."StoreId" AND "Span" = OLD."CreatedAt" / {OrderTally.SpanMilliseconds} AND "Status" = OLD."Status" AND "Flags" = OLD."Flags";
        """;

    private static readonly string Count =
        $"""
        INSERT INTO "{Table}" {Columns}
        SELECT "StoreId", "CreatedAt" / {OrderTally.SpanMilliseconds}, "Status", "Flags", COUNT(*), SUM("PaidAmount"), SUM("RefundedAmount") FROM "Orders" GROUP BY 1, 2, 3, 4
        """;

    private static readonly (string Name, string When, string Body)[] Triggers =
    [
        ("Orders_tally_insert", "INSERT", Add),
        ("Orders_tally_update", "UPDATE OF \"Status\", \"Flags\", \"PaidAmount\", \"RefundedAmount\"", $"{Subtract} {Add}"),
        ("Orders_tally_delete", "DELETE", Subtract),
    ];

    public static async Task KeepAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var isSqlite = db is SqlitePortalDbContext;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!isSqlite)
        {
            // Two instances that start together count once.
            await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_xact_lock(7310002)", cancellationToken);
        }

        if (await db.Database.SqlQueryRaw<int>(isSqlite ? ThereInSqlite : ThereInPostgres).SingleAsync(cancellationToken) == Triggers.Length)
        {
            return;
        }

        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        string[] steps = [.. Triggers.SelectMany(trigger => isSqlite ? Sqlite(trigger) : Postgres(trigger)), $"""DELETE FROM "{Table}" """, Count];
        foreach (var step in steps)
        {
            await db.Database.ExecuteSqlRawAsync(step, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private const string ThereInSqlite = """SELECT COUNT(*) AS "Value" FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'Orders\_tally\_%' ESCAPE '\'""";

    private const string ThereInPostgres =
        """SELECT CAST(COUNT(*) AS INT) AS "Value" FROM pg_trigger WHERE tgrelid = '"Orders"'::regclass AND tgenabled <> 'D' AND tgname LIKE 'Orders\_tally\_%'""";

    private static IEnumerable<string> Sqlite((string Name, string When, string Body) trigger) =>
    [
        $"""DROP TRIGGER IF EXISTS "{trigger.Name}" """,
        $"""CREATE TRIGGER "{trigger.Name}" AFTER {trigger.When} ON "Orders" BEGIN {trigger.Body} END""",
    ];

    private static IEnumerable<string> Postgres((string Name, string When, string Body) trigger) =>
    [
        $"""CREATE OR REPLACE FUNCTION "{trigger.Name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {trigger.Body} RETURN NULL; END $$""",
        $"""CREATE OR REPLACE TRIGGER "{trigger.Name}" AFTER {trigger.When} ON "Orders" FOR EACH ROW EXECUTE FUNCTION "{trigger.Name}"()""",
    ];
}
