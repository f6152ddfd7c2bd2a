using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Checks;

/// <summary>The database itself is sound and has this version's schema.</summary>
internal sealed class DatabaseIntegrity : IInvariant
{
    public string Id => "I10";

    public string Statement => "the database is sound and has this version's schema";

    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var checks = db is SqlitePortalDbContext ? SqliteAsync(db) : PostgresAsync(db);
        await foreach (var breach in checks.WithCancellation(cancellationToken))
        {
            yield return breach;
        }

        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var known = db.Database.GetMigrations().ToList();
        foreach (var missing in known.Except(applied))
        {
            yield return $"migration {missing} is not applied";
        }

        foreach (var unknown in applied.Except(known))
        {
            yield return $"migration {unknown} is of another version";
        }
    }

    private static async IAsyncEnumerable<string> SqliteAsync(PortalDbContext db)
    {
        await foreach (var line in db.Database.SqlQueryRaw<string>("""SELECT integrity_check AS "Value" FROM pragma_integrity_check""").AsAsyncEnumerable())
        {
            if (line != "ok")
            {
                yield return line;
            }
        }

        const string ForeignKeys = """SELECT 'table ' || "table" || ', row ' || COALESCE("rowid", '?') || ': refers to a missing row of ' || "parent" AS "Value" FROM pragma_foreign_key_check""";
        await foreach (var line in db.Database.SqlQueryRaw<string>(ForeignKeys).AsAsyncEnumerable())
        {
            yield return line;
        }
    }

    private static IAsyncEnumerable<string> PostgresAsync(PortalDbContext db) => db.Database.SqlQueryRaw<string>(
        """
        SELECT 'index ' || CAST(indexrelid::regclass AS TEXT) || ' is not valid' AS "Value" FROM pg_index WHERE NOT indisvalid
        UNION ALL
        SELECT 'constraint ' || CAST(conname AS TEXT) || ' is not validated' AS "Value" FROM pg_constraint WHERE NOT convalidated
        """).AsAsyncEnumerable();
}
