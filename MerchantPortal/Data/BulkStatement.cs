using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>One prepared statement that is run over many rows inside the caller's transaction; columns and conversions come from the model.</summary>
/// <param name="properties">Null for all of the entity's properties.</param>
internal sealed class BulkStatement<T>(PortalDbContext db, string[]? properties)
    where T : class
{
    private readonly IEntityType _entity = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");

    public BulkColumn[] Columns => field ??= properties is null
        ? [.. _entity.GetProperties().Select(property => new BulkColumn(property))]
        : [.. properties.Select(name => new BulkColumn(_entity.FindProperty(name) ?? throw new InvalidOperationException($"{typeof(T).Name} has no {name}.")))];

    public string Table => field ??= db.GetService<ISqlGenerationHelper>().DelimitIdentifier(_entity.GetTableName() ?? "");

    /// <summary>SQLite looks up each parameter by its name, one after the other, and has no way to go; PostgreSQL is far.</summary>
    private int RowsPerStatement => db is SqlitePortalDbContext ? 1 : 50;

    /// <param name="sql">The statement for a number of rows, given as the list of their values.</param>
    /// <returns>Rows that the statements have touched.</returns>
    public async Task<int> RunAsync(IReadOnlyList<T> rows, Func<string, string> sql, CancellationToken cancellationToken)
    {
        var full = rows.Count - (rows.Count % RowsPerStatement);
        return await RunAsync(rows, (0, full), RowsPerStatement, sql, cancellationToken)
            + await RunAsync(rows, (full, rows.Count), rows.Count - full, sql, cancellationToken);
    }

    private async Task<int> RunAsync(
        IReadOnlyList<T> rows, (int From, int To) range, int perStatement, Func<string, string> sql, CancellationToken cancellationToken)
    {
        if (range.From == range.To)
        {
            return 0;
        }

        var touched = 0;
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        for (var i = 0; i < perStatement; i++)
        {
            Array.ForEach(Columns, column => command.Parameters.Add(column.Parameter(command)));
        }

        command.CommandText = sql(Values(perStatement));
        await command.PrepareAsync(cancellationToken);
        for (var first = range.From; first < range.To; first += perStatement)
        {
            for (var i = 0; i < perStatement * Columns.Length; i++)
            {
                command.Parameters[i].Value = Columns[i % Columns.Length].ValueOf(rows[first + (i / Columns.Length)]);
            }

            touched += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return touched;
    }

    private string Values(int rows) => string.Join(", ", Enumerable.Range(0, rows).Select(row =>
        $"({string.Join(", ", Enumerable.Range(row * Columns.Length, Columns.Length).Select(index => $"@p{index}"))})"));
}
