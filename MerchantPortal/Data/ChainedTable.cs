using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>A table of hash-chained records, read as the database holds it: a value that no longer means anything is read like any other.</summary>
internal sealed class ChainedTable
{
    private const string Store = "StoreId";
    private const string Number = "Number";

    public required string Name { get; init; }

    /// <summary>What the hash covers, in its order; the first is the store.</summary>
    public required string[] Columns { get; init; }

    /// <summary>Columns that separate the chains of a store; empty where it has one.</summary>
    public required string[] KeyColumns { get; init; }

    /// <summary>The text that the hash covers, of the columns' values; null for a missing value.</summary>
    public required Func<string?[], string> Compose { get; init; }

    /// <summary>A chain's name, of the key columns' values.</summary>
    public required Func<string?[], string> Chain { get; init; }

    /// <summary>The names of all its chains, as SQL's LIKE matches them.</summary>
    public required string ChainsLike { get; init; }

    /// <summary>All rows, chain after chain, each in the order of its numbers. One row is in memory at a time.</summary>
    /// <param name="storeId">Null for every store.</param>
    public async IAsyncEnumerable<ChainLink> ReadAsync(PortalDbContext db, Guid? storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(db, storeId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = KeyColumns.Select(key => Array.IndexOf(Columns, key)).ToArray();
        var number = Array.IndexOf(Columns, Number);
        var areIds = Columns.Select(column => IsId(db, column)).ToArray();
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new string?[Columns.Length];
            for (var column = 0; column < values.Length; column++)
            {
                values[column] = Text(reader.GetValue(column), areIds[column]);
            }

            yield return new ChainLink(
                values[0] ?? "", Chain(Array.ConvertAll(keys, key => values[key])), reader.GetValue(number) as long? ?? 0,
                Compose(values), reader.GetValue(Columns.Length) as byte[] ?? []);
        }
    }

    /// <summary>The ends of chains as they are kept apart, by store and name.</summary>
    public async Task<Dictionary<(string Store, string Chain), ChainEnd>> HeadsAsync(PortalDbContext db, Guid? storeId, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = $"""SELECT "StoreId", "Chain", "Number", "Hash" FROM "ChainHeads" WHERE "Chain" LIKE '{ChainsLike}' {Where("AND", db, command, storeId)}""";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var heads = new Dictionary<(string, string), ChainEnd>();
        while (await reader.ReadAsync(cancellationToken))
        {
            heads[(Text(reader.GetValue(0), isId: true) ?? "", reader.GetString(1))] = new(reader.GetValue(2) as long? ?? -1, reader.GetValue(3) as byte[] ?? []);
        }

        return heads;
    }

    private DbCommand Command(PortalDbContext db, Guid? storeId)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = db.Database.GetCommandTimeout() ?? command.CommandTimeout;
        var columns = string.Join(", ", Columns.Append("Hash").Select(name => $"\"{name}\""));
        var order = string.Join(", ", KeyColumns.Prepend(Store).Append(Number).Select(name => $"\"{name}\""));
        command.CommandText = $"""SELECT {columns} FROM "{Name}" {Where("WHERE", db, command, storeId)} ORDER BY {order}""";
        return command;
    }

    private static string Where(string word, PortalDbContext db, DbCommand command, Guid? storeId)
    {
        if (storeId is not { } store)
        {
            return "";
        }

        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("store", IdBytes.Argument(db, store));
        command.Parameters.Add(parameter);
        return $"{word} \"{Store}\" = @store";
    }

    private static string? Text(object value, bool isId) => value switch
    {
        DBNull => null,
        Guid id => id.ToString("N"),
        byte[] { Length: IdBytes.Length } bytes when isId => IdBytes.Read(bytes).ToString("N"),
        // What reads like an id would pass for one here, and be found by none.
        _ when isId => $"no id: {value as string ?? Convert.ToHexString(value as byte[] ?? [])}",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private bool IsId(PortalDbContext db, string column) => db.Model.GetRelationalModel().Tables.Single(table => table.Name == Name)
        .FindColumn(column)?.PropertyMappings[0].Property.ClrType is { } type && (Nullable.GetUnderlyingType(type) ?? type) == typeof(Guid);
}

/// <param name="Store">The store's id without hyphens, or what stands in its place.</param>
/// <param name="Number">0 where no number stands.</param>
/// <param name="Hash">As it is stored.</param>
internal sealed record ChainLink(string Store, string Chain, long Number, string Content, byte[] Hash);
