using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MerchantPortal.Data;

/// <summary>A column as the model maps it: its name, and how the values of rows are handed to the database.</summary>
internal sealed class BulkColumn(IProperty property)
{
    private readonly RelationalTypeMapping _mapping = property.GetRelationalTypeMapping();
    private readonly IClrPropertyGetter _getter = property.GetGetter();

    public string Name { get; } = property.GetColumnName();

    public object ValueOf(object row)
    {
        var value = _getter.GetClrValue(row);
        // Ids are written by the statement itself, where they are bytes.
        return value is null ? DBNull.Value : value is Guid ? value : _mapping.Converter?.ConvertToProvider(value) ?? value;
    }

    /// <returns>The values of all rows as one array, for PostgreSQL.</returns>
    public NpgsqlParameter Parameter(IReadOnlyList<object> rows)
    {
        var type = _mapping.Converter?.ProviderClrType ?? _mapping.ClrType;
        var values = Array.CreateInstance(type.IsValueType ? typeof(Nullable<>).MakeGenericType(Nullable.GetUnderlyingType(type) ?? type) : type, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (ValueOf(rows[i]) is var value and not DBNull)
            {
                values.SetValue(value, i);
            }
        }

        return new NpgsqlParameter { Value = values, DataTypeName = $"{_mapping.StoreTypeNameBase}[]" };
    }
}
