using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Changes many rows inside the caller's transaction, for what is booked together.</summary>
internal static class BulkUpdate
{
    /// <summary>Raises each row's version and writes the named properties, if nobody has changed the row meanwhile.</summary>
    /// <param name="rows">With their new values and the version that was read; not tracked.</param>
    /// <param name="properties">The same array at every call; it begins with <c>Id</c> and <see cref="IVersioned.Version"/>.</param>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else has changed one of them; the transaction must be rolled back.</exception>
    public static async Task UpdateAsync<T>(this PortalDbContext db, IReadOnlyList<T> rows, string[] properties, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        foreach (var row in rows)
        {
            row.Version++;
        }

        var touched = await BulkStatement.RunAsync(db, rows, properties, Sql, cancellationToken);
        if (touched != rows.Count)
        {
            throw new DbUpdateConcurrencyException($"Somebody else has changed one of {rows.Count} rows of {typeof(T).Name}.");
        }
    }

    private static string Sql(string table, string[] columns, string values) =>
        $"WITH v ({string.Join(", ", columns)}) AS (VALUES {values}) UPDATE {table} SET {string.Join(", ", columns.Skip(1).Select(column => $"{column} = v.{column}"))} FROM v "
        + $"WHERE {table}.\"Id\" = v.\"Id\" AND {table}.\"Version\" = v.\"Version\" - 1";
}
