using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>Changes many rows by one statement inside the caller's transaction: for the few places where a row at a time is too slow.</summary>
internal static class BulkUpdate
{
    /// <summary>Raises each row's version and writes the named properties, if nobody has changed the row meanwhile.</summary>
    /// <param name="rows">With their new values and the version that was read; not tracked.</param>
    /// <exception cref="DbUpdateConcurrencyException">Somebody else has changed one of them; the transaction must be rolled back.</exception>
    public static async Task UpdateAsync<T>(this PortalDbContext db, IReadOnlyList<T> rows, string[] properties, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        if (rows.Count == 0)
        {
            return;
        }

        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        var columns = ((string[])["Id", nameof(IVersioned.Version), .. properties])
            .Select(name => new BulkColumn(entity.FindProperty(name) ?? throw new InvalidOperationException($"{typeof(T).Name} has no {name}."))).ToArray();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var row in rows)
        {
            row.Version++;
            foreach (var column in columns)
            {
                var parameter = column.Parameter(command);
                parameter.Value = column.ValueOf(row);
                command.Parameters.Add(parameter);
            }
        }

        command.CommandText = Sql(db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName() ?? ""), columns, rows.Count);
        if (await command.ExecuteNonQueryAsync(cancellationToken) != rows.Count)
        {
            throw new DbUpdateConcurrencyException($"Somebody else has changed one of {rows.Count} rows of {typeof(T).Name}.");
        }
    }

    private static string Sql(string table, BulkColumn[] columns, int rows)
    {
        var sql = new StringBuilder($"UPDATE {table} SET ")
            .AppendJoin(", ", columns.Skip(1).Select(column => $"\"{column.Name}\" = v.\"{column.Name}\"")).Append(" FROM (");
        for (var row = 0; row < rows; row++)
        {
            var first = row * columns.Length;
            sql.Append(row == 0 ? "SELECT " : " UNION ALL SELECT ")
                .AppendJoin(", ", columns.Select((column, index) => row == 0 ? $"@p{first + index} AS \"{column.Name}\"" : $"@p{first + index}"));
        }

        return sql.Append(CultureInfo.InvariantCulture, $") AS v WHERE {table}.\"Id\" = v.\"Id\" AND {table}.\"Version\" = v.\"Version\" - 1").ToString();
    }
}
