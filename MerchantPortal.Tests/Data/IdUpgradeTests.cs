using System.Net;
using System.Net.Http.Headers;
using MerchantPortal.Data;
using MerchantPortal.Operations.Backups;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MerchantPortal.Tests.Data;

/// <summary>A database whose ids are text becomes one whose ids are bytes, and says the same.</summary>
public sealed class IdUpgradeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "portal.db");

    [Fact]
    public async Task Every_row_is_there_with_its_ids_and_the_portal_goes_on_with_them()
    {
        await OlderVersion.UnpackAsync(File);
        var before = OlderVersion.Facts(File);
        Assert.All(
            (string[])["Orders", "Payments", "Refunds", "LedgerEntries", "AuditEntries", "AspNetUsers", "ApiKeys", "Inbox", "RejectedCaptures", "CaptureAttempts", "Subscriptions", "BillLines", "DayCloses", "Cases"],
            table => Assert.NotEqual('0', before[table][0]));

        await MigratedDatabases.MigrateAsync(DatabaseProvider.Sqlite, $"Data Source={File};Pooling=False");

        Assert.Equal(before, OlderVersion.Facts(File));
        Assert.Empty(ColumnsWithOtherThanBytes());
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.Set("ConnectionStrings:Portal", $"Data Source={File}"));
        await portal.AssertInvariantsAsync();
        using var client = new PortalClient(portal.Address);
        using (var signedIn = await client.SignInAsync(OlderVersion.Email, OlderVersion.Password))
        {
            Assert.Contains("明前龙井", await client.ReadAsync("/orders"), StringComparison.Ordinal);
        }

        using var api = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OlderVersion.ApiKey);
        using var answer = await api.GetAsync(new Uri("api/v1/callbacks", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Where_an_id_is_none_the_upgrade_says_so_and_leaves_the_database_as_it_was()
    {
        await OlderVersion.UnpackAsync(File);
        Execute("""UPDATE "Payments" SET "AttemptId" = 'no id' WHERE "Id" = (SELECT MAX("Id") FROM "Payments")""");
        var before = OlderVersion.Facts(File);

        var run = await PortalProcess.RunAsync(PortalProcess.Settings($"Data Source={File};Pooling=False"), "migrate");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Payments.AttemptId holds 'no id'", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, OlderVersion.Facts(File));
        Assert.Equal("text", Execute("""SELECT typeof("Id") FROM "Orders" LIMIT 1"""));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_backup_of_an_older_version_is_restored_into_either_database(DatabaseProvider provider)
    {
        var backup = Path.Combine(_folder.Path, "older.bak");
        await OlderVersion.UnpackAsync(backup);
        var before = OlderVersion.Facts(backup);
        var settings = provider == DatabaseProvider.Sqlite
            ? PortalProcess.Settings($"Data Source={File}") : PortalProcess.Settings(await PostgresCluster.CreateDatabaseAsync(), provider);

        var restore = await PortalProcess.RunAsync(settings, "restore", backup);

        Assert.True(restore.ExitCode == 0, restore.Output + restore.Error);
        Assert.Equal(before, OlderVersion.Facts(backup));
        Assert.Equal(before["Orders"].Split(' ')[0], provider == DatabaseProvider.Sqlite
            ? OlderVersion.Facts(File)["Orders"].Split(' ')[0] : await CountInPostgresAsync(settings["ConnectionStrings__Portal"]));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static async Task<string> CountInPostgresAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var count = source.CreateCommand("""SELECT COUNT(*)::text FROM "Orders" """);
        return (string)(await count.ExecuteScalarAsync())!;
    }

    private List<string> ColumnsWithOtherThanBytes()
    {
        using var model = BackupFile.Open(File);
        return [.. TableShape.Of(model)
            .SelectMany(table => table.Columns.Where(column => column.Type == typeof(Guid)).Select(column => (Table: table.Name, Column: column.Name)))
            .Where(id => Execute($"""SELECT COUNT(*) FROM "{id.Table}" WHERE typeof("{id.Column}") <> 'null' AND (typeof("{id.Column}") <> 'blob' OR length("{id.Column}") <> 16)""") is not 0L)
            .Select(id => $"{id.Table}.{id.Column}")];
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
