using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MerchantPortal.Data;

/// <summary>One statement of a <see cref="StatementBatch"/>.</summary>
internal abstract record StatementStep
{
    /// <summary>As PostgreSQL takes it, with those before and after it.</summary>
    public abstract NpgsqlBatchCommand ToCommand();
}

/// <summary>Writes rows as the model maps them.</summary>
internal sealed record BulkStep(BulkShape Shape, IReadOnlyList<object> Rows) : StatementStep
{
    public override NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Shape.Sql);
        foreach (var column in Shape.Columns)
        {
            command.Parameters.Add(column.Parameter(Rows));
        }

        return command;
    }

    /// <returns>Rows that it has touched.</returns>
    public int Run(SqliteStatement statement)
    {
        var touched = 0;
        foreach (var row in Rows)
        {
            for (var i = 0; i < Shape.Columns.Count; i++)
            {
                statement.Bind(i + 1, Shape.Columns[i].ValueOf(row));
            }

            touched += statement.Run();
        }

        return touched;
    }

    /// <exception cref="DbUpdateConcurrencyException">They are not all of the rows.</exception>
    public void Expect(int touched)
    {
        if (touched != Rows.Count)
        {
            throw new DbUpdateConcurrencyException($"Somebody else has changed one of {Rows.Count} rows of {Rows[0].GetType().Name}.");
        }
    }
}

/// <param name="Sql">Its values become parameters.</param>
/// <param name="Row">Told each row that it returns; null where nobody asks.</param>
internal sealed record PlainStep(FormattableString Sql, Action<DbDataReader>? Row) : StatementStep
{
    public override NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(string.Format(CultureInfo.InvariantCulture, Sql.Format, [.. Places("$").Cast<object>()]));
        foreach (var value in Sql.GetArguments())
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    public async Task RunAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        string[] places = [.. Places("@p")];
        command.CommandText = string.Format(CultureInfo.InvariantCulture, Sql.Format, [.. places.Cast<object>()]);
        foreach (var (place, value) in places.Zip(Sql.GetArguments()))
        {
            command.Parameters.Add(new SqliteParameter(place, value is Guid id ? IdBytes.Of(id) : value));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Row?.Invoke(reader);
        }
    }

    /// <summary>Values by position: by name the driver of PostgreSQL would have to take the text apart.</summary>
    private IEnumerable<string> Places(string mark) =>
        Enumerable.Range(1, Sql.ArgumentCount).Select(place => string.Create(CultureInfo.InvariantCulture, $"{mark}{place}"));
}
