using System.Data.Common;
using MerchantPortal.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MerchantPortal.Operations.Backups;

/// <summary>A table as the model knows it: enough to carry its rows from one kind of database to the other.</summary>
internal sealed record TableShape(string Name, IReadOnlyList<ColumnShape> Columns)
{
    public string ColumnList { get; } = string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));

    /// <returns>Every table but the history of migrations; those that are referred to come before those that refer.</returns>
    public static IReadOnlyList<TableShape> Of(PortalDbContext db)
    {
        var waiting = db.Model.GetRelationalModel().Tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<ITable>();
        while (waiting.Count > 0)
        {
            var free = waiting.Where(table => table.ForeignKeyConstraints.All(key => key.PrincipalTable == table || ordered.Contains(key.PrincipalTable))).ToList();
            if (free.Count == 0)
            {
                throw new InvalidOperationException("Tables refer to each other in a circle; there is no order to restore them in.");
            }

            ordered.AddRange(free);
            waiting.RemoveAll(free.Contains);
        }

        return ordered.ConvertAll(table => new TableShape(table.Name, [.. table.Columns.Select(ColumnShape.Of)]));
    }
}

/// <param name="Type">What a value of the column is in transit: Guid, bool, a number, a date, text or bytes.</param>
/// <param name="StoreType">The database's own name for it, without length.</param>
internal sealed record ColumnShape(string Name, Type Type, string StoreType)
{
    public static ColumnShape Of(IColumn column)
    {
        var mapping = column.StoreTypeMapping;
        // SQLite keeps ids as bytes, and they are ids none the less.
        var type = mapping.Converter is { } converter and not IdBytesConverter ? converter.ProviderClrType : mapping.ClrType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return new(column.Name, Carried.Contains(type) ? type : typeof(string), column.StoreType.Split('(')[0]);
    }

    public object Read(DbDataReader row, int index) => row.IsDBNull(index) ? DBNull.Value
        : Type == typeof(Guid) ? (row is SqliteDataReader ? IdBytes.Read(row.GetFieldValue<byte[]>(index)) : row.GetFieldValue<Guid>(index))
        : Type == typeof(bool) ? row.GetFieldValue<bool>(index)
        : Type == typeof(int) ? row.GetFieldValue<int>(index)
        : Type == typeof(long) ? row.GetFieldValue<long>(index)
        : Type == typeof(DateOnly) ? row.GetFieldValue<DateOnly>(index)
        : Type == typeof(byte[]) ? row.GetFieldValue<byte[]>(index)
        : row.GetFieldValue<string>(index);

    private static readonly Type[] Carried = [typeof(Guid), typeof(bool), typeof(int), typeof(long), typeof(DateOnly), typeof(byte[])];
}
