using MerchantPortal.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MerchantPortal.Operations.Backups;

/// <summary>Carries every row between PostgreSQL and a portal's SQLite file, table by table, one row in memory at a time.</summary>
internal static class CopyRows
{
    /// <summary>Reads one state of PostgreSQL, that of the moment the copy begins, whatever is written meanwhile.</summary>
    /// <returns>The number of rows.</returns>
    public static async Task<long> FromPostgresAsync(
        PortalDbContext from, PortalDbContext to, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await from.Database.OpenConnectionAsync(cancellationToken);
        var source = (NpgsqlConnection)from.Database.GetDbConnection();
        await using var snapshot = await source.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await to.Database.OpenConnectionAsync(cancellationToken);
        var target = (SqliteConnection)to.Database.GetDbConnection();
        await using var transaction = target.BeginTransaction();
        var total = 0L;
        foreach (var table in TableShape.Of(to))
        {
            await using var insert = Insert(table, target, transaction);
            await using var select = new NpgsqlCommand($"SELECT {table.ColumnList} FROM \"{table.Name}\"", source, snapshot) { CommandTimeout = 0 };
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            var count = 0L;
            for (; await rows.ReadAsync(cancellationToken); count++)
            {
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    var value = table.Columns[i].Read(rows, i);
                    insert.Parameters[i].Value = value is Guid id ? IdBytes.Of(id) : value;
                }

                await insert.ExecuteNonQueryAsync(cancellationToken);
            }

            total += Told(progress, table, count);
        }

        await transaction.CommitAsync(cancellationToken);
        return total;
    }

    /// <summary>Replaces everything in PostgreSQL, in one transaction: it takes place whole or not at all.</summary>
    /// <returns>The number of rows.</returns>
    public static async Task<long> ToPostgresAsync(
        PortalDbContext from, PortalDbContext to, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await from.Database.OpenConnectionAsync(cancellationToken);
        var source = (SqliteConnection)from.Database.GetDbConnection();
        await to.Database.OpenConnectionAsync(cancellationToken);
        var target = (NpgsqlConnection)to.Database.GetDbConnection();
        await using var transaction = await target.BeginTransactionAsync(cancellationToken);
        var tables = TableShape.Of(to);
        await SwitchTriggersAsync(target, tables, "DISABLE", cancellationToken);
        await ExecuteAsync(target, $"TRUNCATE {string.Join(", ", tables.Select(table => $"\"{table.Name}\""))}", cancellationToken);
        var total = 0L;
        foreach (var table in tables)
        {
            await using var select = new SqliteCommand($"SELECT {table.ColumnList} FROM \"{table.Name}\"", source);
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            await using var copy = await target.BeginBinaryImportAsync($"COPY \"{table.Name}\" ({table.ColumnList}) FROM STDIN (FORMAT BINARY)", cancellationToken);
            var count = 0L;
            for (; await rows.ReadAsync(cancellationToken); count++)
            {
                await copy.StartRowAsync(cancellationToken);
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    await copy.WriteAsync(table.Columns[i].Read(rows, i), table.Columns[i].StoreType, cancellationToken);
                }
            }

            await copy.CompleteAsync(cancellationToken);
            total += Told(progress, table, count);
        }

        await ContinueNumbersAsync(target, cancellationToken);
        await SwitchTriggersAsync(target, tables, "ENABLE", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return total;
    }

    private static SqliteCommand Insert(TableShape table, SqliteConnection target, SqliteTransaction transaction)
    {
        var values = string.Join(", ", table.Columns.Select((_, index) => $"@p{index}"));
        var insert = new SqliteCommand($"INSERT INTO \"{table.Name}\" ({table.ColumnList}) VALUES ({values})", target, transaction);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        }

        return insert;
    }

    /// <summary>What triggers keep (rows that nobody may delete, totals) comes from the backup like everything else: they rest meanwhile.</summary>
    private static Task SwitchTriggersAsync(NpgsqlConnection target, IReadOnlyList<TableShape> tables, string verb, CancellationToken cancellationToken) =>
        ExecuteAsync(target, string.Join("; ", tables.Select(table => $"ALTER TABLE \"{table.Name}\" {verb} TRIGGER USER")), cancellationToken);

    /// <summary>Numbers that the database gives by itself continue after the highest one that is there.</summary>
    private static async Task ContinueNumbersAsync(NpgsqlConnection target, CancellationToken cancellationToken)
    {
        var columns = new List<(string Table, string Column)>();
        await using (var find = new NpgsqlCommand(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'", target))
        await using (var found = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await found.ReadAsync(cancellationToken))
            {
                columns.Add((found.GetString(0), found.GetString(1)));
            }
        }

        foreach (var (table, column) in columns)
        {
            await ExecuteAsync(
                target, $"""SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'), COALESCE(MAX("{column}"), 0) + 1, false) FROM "{table}" """, cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static long Told(IProgress<string> progress, TableShape table, long rows)
    {
        if (rows > 0)
        {
            progress.Report($"{table.Name}: {rows} rows");
        }

        return rows;
    }
}
