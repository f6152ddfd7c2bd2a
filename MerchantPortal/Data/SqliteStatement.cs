using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MerchantPortal.Data;

/// <summary>
/// A statement that stays compiled and takes its values by position. The driver's commands look up each value by its name and make a reader for
/// each run: for the rows of one notification that costs as much as SQLite's own work.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    /// <summary>Found by name: the driver was compiled for another version of SQLitePCLRaw, of which the compiler knows the types as others (see <see cref="SqliteNative"/>).</summary>
    private static readonly PropertyInfo Handle = typeof(SqliteConnection).GetProperty("Handle") ?? throw new InvalidOperationException("The driver does not show SQLite's handle.");

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _compiled;

    /// <param name="connection">Open, and the only one that the statement is used with.</param>
    /// <exception cref="SqliteException">It cannot be compiled.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = (sqlite3?)Handle.GetValue(connection) ?? throw new InvalidOperationException("The connection is not open.");
        Expect(raw.SQLITE_OK, raw.sqlite3_prepare_v2(_database, sql, out _compiled));
    }

    /// <param name="index">1 is the first.</param>
    /// <param name="value">As the model's mappings hand it to the driver, or an id; <see cref="DBNull"/> for nothing.</param>
    public void Bind(int index, object value) => Expect(
        raw.SQLITE_OK,
        value switch
        {
            DBNull => raw.sqlite3_bind_null(_compiled, index),
            string text => raw.sqlite3_bind_text(_compiled, index, text),
            byte[] bytes => raw.sqlite3_bind_blob(_compiled, index, bytes),
            Guid id => BindId(index, id),
            bool yes => raw.sqlite3_bind_int64(_compiled, index, yes ? 1 : 0),
            int number => raw.sqlite3_bind_int64(_compiled, index, number),
            long number => raw.sqlite3_bind_int64(_compiled, index, number),
            double number => raw.sqlite3_bind_double(_compiled, index, number),
            DateOnly day => raw.sqlite3_bind_text(_compiled, index, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException($"{value.GetType().Name} is not written in bulk."),
        });

    /// <returns>Rows that it has touched.</returns>
    /// <exception cref="SqliteException">As from the driver, e.g. for a unique key.</exception>
    public int Run()
    {
        try
        {
            Expect(raw.SQLITE_DONE, raw.sqlite3_step(_compiled));
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            _ = raw.sqlite3_reset(_compiled);
        }
    }

    public void Dispose() => _compiled.Dispose();

    /// <summary>As <see cref="IdBytes"/>, without an array for each.</summary>
    private int BindId(int index, Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes.Length];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return raw.sqlite3_bind_blob(_compiled, index, bytes);
    }

    private void Expect(int wanted, int code)
    {
        if (code != wanted)
        {
            throw new SqliteException($"SQLite Error {code}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.", code, raw.sqlite3_extended_errcode(_database));
        }
    }
}
