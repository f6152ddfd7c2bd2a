using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>Changes many rows inside the caller's transaction, for what is booked together.</summary>
internal static class BulkUpdate
{
    /// <summary>Raises each row's version and writes the named properties, if nobody has changed the row meanwhile.</summary>
    /// <param name="rows">With their new values and the version that was read; not tracked.</param>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else has changed one of them; the transaction must be rolled back.</exception>
    public static async Task UpdateAsync<T>(this PortalDbContext db, IReadOnlyList<T> rows, string[] properties, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        var statement = new BulkStatement<T>(db, ["Id", nameof(IVersioned.Version), .. properties]);
        var columns = statement.Columns.Select(column => $"\"{column.Name}\"").ToArray();
        var changes = string.Join(", ", columns.Skip(1).Select(column => $"{column} = v.{column}"));
        foreach (var row in rows)
        {
            row.Version++;
        }

        var touched = await statement.RunAsync(
            rows,
            values => $"WITH v ({string.Join(", ", columns)}) AS (VALUES {values}) UPDATE {statement.Table} SET {changes} FROM v "
                + $"WHERE {statement.Table}.\"Id\" = v.\"Id\" AND {statement.Table}.\"Version\" = v.\"Version\" - 1",
            cancellationToken);
        if (touched != rows.Count)
        {
            throw new DbUpdateConcurrencyException($"Somebody else has changed one of {rows.Count} rows of {typeof(T).Name}.");
        }
    }
}
