using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// The statement that writes rows of one entity as the model maps them: on SQLite one row at each run, on PostgreSQL all of them, each column as
/// one array. Its text does not depend on how many there are, so it is compiled once for each connection.
/// </summary>
internal sealed class BulkShape
{
    private static readonly ConcurrentDictionary<(Type Database, Type Entity, string[]? Changed), BulkShape> Known = [];

    private BulkShape(PortalDbContext db, Type type, string[]? changed)
    {
        var entity = db.Model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is not in the model.");
        var properties = changed?.Select(name => entity.FindProperty(name) ?? throw new InvalidOperationException($"{type.Name} has no {name}."));
        Columns = [.. (properties ?? entity.GetProperties()).Select(property => new BulkColumn(property))];
        var table = db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName() ?? "");
        string[] names = [.. Columns.Select(column => $"\"{column.Name}\"")];
        var places = string.Join(", ", Enumerable.Range(1, names.Length).Select(place => string.Create(CultureInfo.InvariantCulture, $"{Mark(db)}{place}")));
        var values = db is SqlitePortalDbContext ? $"VALUES ({places})" : $"SELECT * FROM unnest({places})";
        Sql = changed is null ? $"INSERT INTO {table} ({string.Join(", ", names)}) {values}" : Update(table, names, values);
    }

    public string Sql { get; }

    public IReadOnlyList<BulkColumn> Columns { get; }

    /// <param name="changed">Null to insert; else the properties to write, always the same array, beginning with <c>Id</c> and <see cref="IVersioned.Version"/>.</param>
    public static BulkShape Of(PortalDbContext db, Type entity, string[]? changed) =>
        Known.GetOrAdd((db.GetType(), entity, changed), key => new BulkShape(db, key.Entity, key.Changed));

    private static char Mark(PortalDbContext db) => db is SqlitePortalDbContext ? '?' : '$';

    private static string Update(string table, string[] names, string values) =>
        $"WITH v ({string.Join(", ", names)}) AS ({values}) UPDATE {table} SET {string.Join(", ", names.Skip(1).Select(name => $"{name} = v.{name}"))} FROM v "
        + $"WHERE {table}.\"Id\" = v.\"Id\" AND {table}.\"Version\" = v.\"Version\" - 1";
}
