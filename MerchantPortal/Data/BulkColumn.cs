using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>A column as the model maps it: its name, and how a row's value becomes a parameter.</summary>
internal sealed class BulkColumn(IProperty property)
{
    private readonly RelationalTypeMapping _mapping = property.GetRelationalTypeMapping();
    private readonly IClrPropertyGetter _getter = property.GetGetter();

    public string Name { get; } = property.GetColumnName();

    public DbParameter Parameter(DbCommand command) =>
        _mapping.CreateParameter(command, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}"), null, nullable: true);

    public object ValueOf(object row)
    {
        var value = _getter.GetClrValue(row);
        // Ids are written by the statement itself, where they are bytes.
        return value is null ? DBNull.Value : value is Guid ? value : _mapping.Converter?.ConvertToProvider(value) ?? value;
    }
}
