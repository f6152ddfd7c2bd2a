using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

/// <summary>Rows that are written past the driver must not differ from those that it writes: both are found by the same queries.</summary>
public sealed class SqliteStatementTests
{
    private const int UniqueKey = 2067;

    private static readonly object[] Values =
    [
        DBNull.Value, "", "明前龙井 50g", "a'b\"c", "😀", Array.Empty<byte>(), new byte[] { 0, 1, 255 }, true, false, 0,
        int.MinValue, long.MinValue, long.MaxValue, 1.5, -0.0, new DateOnly(2026, 2, 3),
    ];

    [Fact]
    public void What_it_writes_is_to_the_byte_what_the_driver_writes()
    {
        using var connection = Open("CREATE TABLE t (driver, ours)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO t (driver) VALUES (@v)";
        var parameter = insert.Parameters.Add(new SqliteParameter("@v", null));
        using var update = new SqliteStatement(connection, "UPDATE t SET ours = ?1 WHERE rowid = ?2");
        for (var i = 0; i < Values.Length; i++)
        {
            parameter.Value = Values[i];
            insert.ExecuteNonQuery();
            update.Bind(1, Values[i]);
            update.Bind(2, i + 1);
            Assert.Equal(1, update.Run());
        }

        Assert.Equal(Values.Length, Count(connection, "SELECT COUNT(*) FROM t"));
        Assert.Equal(0, Count(connection, "SELECT COUNT(*) FROM t WHERE typeof(driver) <> typeof(ours) OR quote(driver) <> quote(ours)"));
    }

    [Fact]
    public void An_id_is_written_as_the_model_writes_it()
    {
        var id = Guid.Parse("01a2013d-89fb-7078-af3f-90cd06d09843");
        using var connection = Open("CREATE TABLE t (v)");
        using var insert = new SqliteStatement(connection, "INSERT INTO t VALUES (?1)");
        insert.Bind(1, id);
        insert.Run();
        insert.Bind(1, new IdBytesConverter().ConvertToProvider(id)!);
        insert.Run();

        Assert.Equal(2, Count(connection, "SELECT COUNT(*) FROM t WHERE typeof(v) = 'blob' AND hex(v) = '01A2013D89FB7078AF3F90CD06D09843'"));
    }

    [Fact]
    public void A_unique_key_is_reported_as_by_the_driver_and_the_statement_goes_on()
    {
        using var connection = Open("CREATE TABLE t (id INTEGER UNIQUE)");
        using var insert = new SqliteStatement(connection, "INSERT INTO t VALUES (?1)");
        insert.Bind(1, 1L);
        Assert.Equal(1, insert.Run());

        Assert.Equal(UniqueKey, Assert.Throws<SqliteException>(() => insert.Run()).SqliteExtendedErrorCode);

        insert.Bind(1, 2L);
        Assert.Equal(1, insert.Run());
        Assert.Equal(2, Count(connection, "SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_value_that_has_no_agreed_form_is_refused()
    {
        using var connection = Open("CREATE TABLE t (v)");
        using var insert = new SqliteStatement(connection, "INSERT INTO t VALUES (?1)");

        Assert.Throws<NotSupportedException>(() => insert.Bind(1, 1.5m));
    }

    [Fact]
    public async Task Rows_are_inserted_also_after_the_connection_was_closed_and_opened_again()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using (var db = portal.Get<PortalContexts>().CreateWriting())
        {
            foreach (var name in (string[])["一", "二"])
            {
                await db.Database.OpenConnectionAsync();
                await new StatementBatch(db).Insert([new Store { Name = name, CreatedAt = DateTimeOffset.UnixEpoch }]).RunAsync(CancellationToken.None);
                await db.Database.CloseConnectionAsync();
                SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
            }
        }

        Assert.Equal(["一", "二"], await portal.ReadAsync(db => db.Stores.OrderBy(store => store.Id).Select(store => store.Name).ToListAsync()));
    }

    private static SqliteConnection Open(string schema)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = schema;
        command.ExecuteNonQuery();
        return connection;
    }

    private static long Count(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
