using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// One prepared statement that is run over many rows inside the caller's transaction; columns and conversions come from the model. It stays
/// prepared for as long as its connection lives: to compile it costs as much as several rows.
/// </summary>
internal sealed class BulkStatement
{
    private static readonly ConditionalWeakTable<DbConnection, Dictionary<Shape, BulkStatement>> Kept = [];

    private readonly BulkColumn[] _columns;
    private readonly DbCommand _command;

    private BulkStatement(PortalDbContext db, Shape shape, Func<string, string[], string, string> sql)
    {
        var entity = db.Model.FindEntityType(shape.Entity) ?? throw new InvalidOperationException($"{shape.Entity.Name} is not in the model.");
        var properties = shape.Properties?.Select(name => entity.FindProperty(name) ?? throw new InvalidOperationException($"{shape.Entity.Name} has no {name}."));
        _columns = [.. (properties ?? entity.GetProperties()).Select(property => new BulkColumn(property))];
        _command = db.Database.GetDbConnection().CreateCommand();
        for (var i = 0; i < shape.Rows; i++)
        {
            Array.ForEach(_columns, column => _command.Parameters.Add(column.Parameter(_command)));
        }

        var table = db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName() ?? "");
        _command.CommandText = sql(table, [.. _columns.Select(column => $"\"{column.Name}\"")], Values(shape.Rows));
    }

    /// <param name="properties">Null for all of the entity's properties; always the same array, for it tells the statement from others.</param>
    /// <param name="sql">The statement, given its table, its columns, and the list of the rows' values.</param>
    /// <returns>Rows that the statements have touched.</returns>
    public static async Task<int> RunAsync<T>(
        PortalDbContext db, IReadOnlyList<T> rows, string[]? properties, Func<string, string[], string, string> sql, CancellationToken cancellationToken)
        where T : class
    {
        // SQLite looks up each parameter by its name, one after the other, and has no way to go; PostgreSQL is far.
        var most = db is SqlitePortalDbContext ? 1 : 50;
        var touched = 0;
        for (var first = 0; first < rows.Count; first += most)
        {
            var shape = new Shape(typeof(T), properties, Math.Min(most, rows.Count - first));
            touched += await Of(db, shape, sql).RunAsync(db, rows, first, cancellationToken);
        }

        return touched;
    }

    private static BulkStatement Of(PortalDbContext db, Shape shape, Func<string, string[], string, string> sql)
    {
        var kept = Kept.GetOrCreateValue(db.Database.GetDbConnection());
        if (!kept.TryGetValue(shape, out var statement))
        {
            kept[shape] = statement = new BulkStatement(db, shape, sql);
        }

        return statement;
    }

    private Task<int> RunAsync<T>(PortalDbContext db, IReadOnlyList<T> rows, int first, CancellationToken cancellationToken)
        where T : class
    {
        for (var i = 0; i < _command.Parameters.Count; i++)
        {
            _command.Parameters[i].Value = _columns[i % _columns.Length].ValueOf(rows[first + (i / _columns.Length)]);
        }

        _command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return _command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Values(int rows) => string.Join(", ", Enumerable.Range(0, rows).Select(row =>
        $"({string.Join(", ", Enumerable.Range(row * _columns.Length, _columns.Length).Select(index => $"@p{index}"))})"));

    /// <param name="Rows">Rows of one run.</param>
    private sealed record Shape(Type Entity, string[]? Properties, int Rows);
}
