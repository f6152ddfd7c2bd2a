using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// Inserts many new rows inside the caller's transaction, several times quicker than tracking each: one prepared statement of many
/// rows, columns and conversions taken from the model. For history in bulk only; business writes track their rows.
/// </summary>
internal static class BulkInsert
{
    private const int RowsPerStatement = 50;

    public static async Task InsertAsync<T>(this PortalDbContext db, IReadOnlyList<T> rows, CancellationToken cancellationToken)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        var columns = entity.GetProperties().Select(property => new BulkColumn(property)).ToArray();
        var full = rows.Count - (rows.Count % RowsPerStatement);
        await InsertAsync(db, entity, columns, rows, (0, full), RowsPerStatement, cancellationToken);
        await InsertAsync(db, entity, columns, rows, (full, rows.Count), rows.Count - full, cancellationToken);
    }

    private static async Task InsertAsync<T>(
        PortalDbContext db, IEntityType entity, BulkColumn[] columns, IReadOnlyList<T> rows, (int From, int To) range, int perStatement,
        CancellationToken cancellationToken)
        where T : class
    {
        if (range.From == range.To)
        {
            return;
        }

        await using var command = Command(db, entity, columns, perStatement);
        await command.PrepareAsync(cancellationToken);
        for (var first = range.From; first < range.To; first += perStatement)
        {
            for (var i = 0; i < perStatement * columns.Length; i++)
            {
                command.Parameters[i].Value = columns[i % columns.Length].ValueOf(rows[first + (i / columns.Length)]);
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static DbCommand Command(PortalDbContext db, IEntityType entity, BulkColumn[] columns, int rows)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var names = db.GetService<ISqlGenerationHelper>();
        var sql = new StringBuilder($"INSERT INTO {names.DelimitIdentifier(entity.GetTableName() ?? "", null)} (")
            .AppendJoin(", ", columns.Select(column => names.DelimitIdentifier(column.Name))).Append(") VALUES ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (")
                .AppendJoin(", ", Enumerable.Range(row * columns.Length, columns.Length).Select(index => $"@p{index}")).Append(')');
            foreach (var column in columns)
            {
                command.Parameters.Add(column.Parameter(command));
            }
        }

        command.CommandText = sql.ToString();
        return command;
    }
}
