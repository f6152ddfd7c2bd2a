using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantPortal.Data;

/// <summary>
/// Statements of the hottest path, run in the caller's transaction past EF's queries: to prepare one of those costs several times what SQLite
/// takes for a row.
/// </summary>
internal static class PlainSql
{
    /// <param name="sql">Its values become parameters.</param>
    /// <param name="read">Makes a result of the reader's current row.</param>
    public static async Task<List<T>> ReadPlainAsync<T>(this PortalDbContext db, FormattableString sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(db, sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <inheritdoc cref="ReadPlainAsync"/>
    /// <returns>Rows that it has touched.</returns>
    public static async Task<int> RunPlainAsync(this PortalDbContext db, FormattableString sql, CancellationToken cancellationToken)
    {
        await using var command = Command(db, sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(PortalDbContext db, FormattableString sql)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var names = new object[sql.ArgumentCount];
        for (var i = 0; i < names.Length; i++)
        {
            var parameter = command.CreateParameter();
            var value = sql.GetArgument(i);
            (parameter.ParameterName, parameter.Value) = (string.Create(CultureInfo.InvariantCulture, $"@p{i}"), value is Guid id ? IdBytes.Argument(db, id) : value);
            command.Parameters.Add(parameter);
            names[i] = parameter.ParameterName;
        }

        command.CommandText = string.Format(CultureInfo.InvariantCulture, sql.Format, names);
        return command;
    }
}
