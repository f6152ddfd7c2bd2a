using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// One prepared statement that is run over many rows inside the caller's transaction; columns and conversions come from the model. It stays
/// prepared for as long as its connection is open: to compile it costs as much as several rows.
/// </summary>
internal sealed class BulkStatement : IDisposable
{
    private static readonly ConditionalWeakTable<DbConnection, Dictionary<Shape, BulkStatement>> Kept = [];

    private readonly BulkColumn[] _columns;
    private readonly SqliteStatement? _sqlite;
    private readonly DbCommand? _command;

    private BulkStatement(PortalDbContext db, Shape shape, Func<string, string[], string, string> sql)
    {
        var entity = db.Model.FindEntityType(shape.Entity) ?? throw new InvalidOperationException($"{shape.Entity.Name} is not in the model.");
        var properties = shape.Properties?.Select(name => entity.FindProperty(name) ?? throw new InvalidOperationException($"{shape.Entity.Name} has no {name}."));
        _columns = [.. (properties ?? entity.GetProperties()).Select(property => new BulkColumn(property))];
        var table = db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName() ?? "");
        var text = sql(table, [.. _columns.Select(column => $"\"{column.Name}\"")], Values(shape.Rows));
        if (db.Database.GetDbConnection() is SqliteConnection connection)
        {
            _sqlite = new SqliteStatement(connection, text);
            return;
        }

        _command = db.Database.GetDbConnection().CreateCommand();
        _command.CommandText = text;
        for (var i = 0; i < shape.Rows; i++)
        {
            Array.ForEach(_columns, column => _command.Parameters.Add(column.Parameter(_command)));
        }
    }

    /// <param name="properties">Null for all of the entity's properties; always the same array, for it tells the statement from others.</param>
    /// <param name="sql">The statement, given its table, its columns, and the list of the rows' values.</param>
    /// <returns>Rows that the statements have touched.</returns>
    public static async Task<int> RunAsync<T>(
        PortalDbContext db, IReadOnlyList<T> rows, string[]? properties, Func<string, string[], string, string> sql, CancellationToken cancellationToken)
        where T : class
    {
        // PostgreSQL is far; SQLite is not, and takes no longer for many runs than for many rows.
        var most = db is SqlitePortalDbContext ? 1 : 50;
        var touched = 0;
        for (var first = 0; first < rows.Count; first += most)
        {
            var shape = new Shape(typeof(T), properties, Math.Min(most, rows.Count - first));
            touched += await Of(db, shape, sql).RunAsync(db, rows, first, cancellationToken);
        }

        return touched;
    }

    public void Dispose()
    {
        _sqlite?.Dispose();
        _command?.Dispose();
    }

    private static BulkStatement Of(PortalDbContext db, Shape shape, Func<string, string[], string, string> sql)
    {
        var kept = Kept.GetValue(db.Database.GetDbConnection(), Keep);
        if (!kept.TryGetValue(shape, out var statement))
        {
            kept[shape] = statement = new BulkStatement(db, shape, sql);
        }

        return statement;
    }

    /// <summary>What is closed is given back to a pool, and may be opened again with another handle.</summary>
    private static Dictionary<Shape, BulkStatement> Keep(DbConnection connection)
    {
        var kept = new Dictionary<Shape, BulkStatement>();
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
            {
                kept.Values.ToList().ForEach(statement => statement.Dispose());
                kept.Clear();
            }
        };
        return kept;
    }

    private Task<int> RunAsync<T>(PortalDbContext db, IReadOnlyList<T> rows, int first, CancellationToken cancellationToken)
        where T : class
    {
        if (_sqlite is not null)
        {
            return Task.FromResult(Run(_sqlite, rows[first]));
        }

        for (var i = 0; i < _command!.Parameters.Count; i++)
        {
            _command.Parameters[i].Value = _columns[i % _columns.Length].ValueOf(rows[first + (i / _columns.Length)]);
        }

        _command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return _command.ExecuteNonQueryAsync(cancellationToken);
    }

    private int Run(SqliteStatement statement, object row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            statement.Bind(i + 1, _columns[i].ValueOf(row));
        }

        return statement.Run();
    }

    private string Values(int rows) => string.Join(", ", Enumerable.Range(0, rows).Select(row =>
        $"({string.Join(", ", Enumerable.Range(row * _columns.Length, _columns.Length).Select(index => string.Create(CultureInfo.InvariantCulture, $"@p{index}")))})"));

    /// <param name="Rows">Rows of one run.</param>
    private sealed record Shape(Type Entity, string[]? Properties, int Rows);
}
