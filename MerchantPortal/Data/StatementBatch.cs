using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MerchantPortal.Data;

/// <summary>
/// Statements that run one after the other in the caller's transaction, past EF, whose queries and tracking cost several times what the database
/// takes for a row. To PostgreSQL they go in one round trip. For what is booked together and for history in bulk; other writes track their rows.
/// </summary>
internal sealed class StatementBatch(PortalDbContext db)
{
    private static readonly ConditionalWeakTable<DbConnection, Dictionary<BulkShape, SqliteStatement>> Kept = [];

    private readonly List<StatementStep> _steps = [];

    /// <param name="sql">Its values become parameters.</param>
    /// <param name="row">Told each row that it returns, e.g. by RETURNING.</param>
    public StatementBatch Add(FormattableString sql, Action<DbDataReader>? row = null)
    {
        _steps.Add(new PlainStep(sql, row));
        return this;
    }

    /// <param name="rows">New ones, not tracked.</param>
    public StatementBatch Insert<T>(IReadOnlyList<T> rows)
        where T : class => Add(rows, changed: null);

    /// <summary>Raises each row's version and writes the named properties, if nobody has changed the row meanwhile.</summary>
    /// <param name="rows">With their new values and the version that was read; not tracked.</param>
    /// <param name="changed">The same array at every call; it begins with <c>Id</c> and <see cref="IVersioned.Version"/>.</param>
    public StatementBatch Update<T>(IReadOnlyList<T> rows, string[] changed)
        where T : class, IVersioned
    {
        foreach (var row in rows)
        {
            row.Version++;
        }

        return Add(rows, changed);
    }

    /// <exception cref="DbUpdateConcurrencyException">Somebody else has changed one of the rows; the transaction must be rolled back.</exception>
    /// <exception cref="DbUpdateException">The database refused, e.g. for a unique key; the transaction must be rolled back.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_steps.Count == 0)
        {
            return;
        }

        try
        {
            await (db.Database.GetDbConnection() is NpgsqlConnection postgres ? SendAsync(postgres, cancellationToken) : RunEachAsync(cancellationToken));
        }
        catch (DbException exception)
        {
            throw new DbUpdateException(exception.Message, exception);
        }
    }

    private StatementBatch Add<T>(IReadOnlyList<T> rows, string[]? changed)
        where T : class
    {
        if (rows.Count > 0)
        {
            _steps.Add(new BulkStep(BulkShape.Of(db, typeof(T), changed), rows));
        }

        return this;
    }

    private async Task SendAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        _steps.ForEach(step => batch.BatchCommands.Add(step.ToCommand()));
        // Costs a round trip only where the connection sees such a statement for the first time.
        await batch.PrepareAsync(cancellationToken);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var row in _steps.OfType<PlainStep>().Select(step => step.Row).OfType<Action<DbDataReader>>())
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    row(reader);
                }

                await reader.NextResultAsync(cancellationToken);
            }
        }

        foreach (var (step, command) in _steps.Zip<StatementStep, NpgsqlBatchCommand>(batch.BatchCommands))
        {
            (step as BulkStep)?.Expect(command.RecordsAffected);
        }
    }

    private async Task RunEachAsync(CancellationToken cancellationToken)
    {
        foreach (var step in _steps)
        {
            if (step is PlainStep plain)
            {
                await plain.RunAsync(db, cancellationToken);
            }
            else if (step is BulkStep bulk)
            {
                bulk.Expect(bulk.Run(Compiled(bulk.Shape)));
            }
        }
    }

    private SqliteStatement Compiled(BulkShape shape)
    {
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var kept = Kept.GetValue(connection, Keep);
        if (!kept.TryGetValue(shape, out var statement))
        {
            kept[shape] = statement = new SqliteStatement(connection, shape.Sql);
        }

        return statement;
    }

    /// <summary>What is closed is given back to a pool, and may be opened again with another handle.</summary>
    private static Dictionary<BulkShape, SqliteStatement> Keep(DbConnection connection)
    {
        var kept = new Dictionary<BulkShape, SqliteStatement>();
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == System.Data.ConnectionState.Closed)
            {
                kept.Values.ToList().ForEach(statement => statement.Dispose());
                kept.Clear();
            }
        };
        return kept;
    }
}
