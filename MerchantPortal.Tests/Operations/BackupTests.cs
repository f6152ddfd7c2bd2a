using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Operations.Backups;
using MerchantPortal.Operations.Seeding;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MerchantPortal.Tests.Operations;

/// <summary>Backups are made beside a portal that runs; restores are run as an operator runs them.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-backup-").FullName;

    [Theory]
    [InlineData(DatabaseProvider.Sqlite, DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql, DatabaseProvider.PostgreSql)]
    [InlineData(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql)]
    [InlineData(DatabaseProvider.PostgreSql, DatabaseProvider.Sqlite)]
    public async Task Every_row_of_every_table_comes_back_whichever_database_it_was_in(DatabaseProvider from, DatabaseProvider to)
    {
        await using var portal = await PortalFactory.StartAsync(from);
        await FillAsync(portal);
        string before;
        do
        {
            // Again, where the portal's own work came between the two.
            before = await portal.ReadAsync(FactsAsync);
            Assert.IsType<BackupResult.Made>(await BackUpAsync(portal, FilePath("portal.bak"), replace: true));
        }
        while (before != await portal.ReadAsync(FactsAsync));

        var settings = await TargetAsync(to);
        var restore = await PortalProcess.RunAsync(settings, "restore", FilePath("portal.bak"));

        Assert.True(restore.ExitCode == 0, restore.Output + restore.Error);
        Assert.Contains("I10 ok", restore.Output, StringComparison.Ordinal);
        Assert.Equal(before, await FactsAsync(settings));
    }

    [Fact]
    public async Task A_backup_is_one_file_that_only_its_owner_reads_and_replaces_nothing_unasked()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FillAsync(portal);
        var file = FilePath("portal.bak");

        Assert.IsType<BackupResult.Made>(await BackUpAsync(portal, file));

        Assert.Equal([file], Directory.GetFiles(_folder));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains("--force", Assert.IsType<BackupResult.Refused>(await BackUpAsync(portal, file)).Message, StringComparison.Ordinal);
        Assert.IsType<BackupResult.Made>(await BackUpAsync(portal, file, replace: true));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_restore_spares_what_is_there_unless_it_is_told_to_replace_it(DatabaseProvider provider)
    {
        await using var source = await PortalFactory.StartAsync();
        await FillAsync(source);
        await BackUpAsync(source, FilePath("portal.bak"));
        var settings = await TargetAsync(provider);
        await using (var target = await StartOnAsync(settings))
        {
            await target.WriteAsync(db => db.Stores.Add(new Store { Name = "Another shop", CreatedAt = DateTimeOffset.UnixEpoch }));
            var running = await PortalProcess.RunAsync(settings, "restore", FilePath("portal.bak"), "--force");
            Assert.Equal(1, running.ExitCode);
            Assert.Contains("The portal is running", running.Error, StringComparison.Ordinal);
        }

        NpgsqlConnection.ClearAllPools();
        var refused = await PortalProcess.RunAsync(settings, "restore", FilePath("portal.bak"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not empty", refused.Error, StringComparison.Ordinal);

        var forced = await PortalProcess.RunAsync(settings, "restore", "--force", FilePath("portal.bak"));
        Assert.True(forced.ExitCode == 0, forced.Output + forced.Error);
        await using var backup = BackupFile.Open(FilePath("portal.bak"));
        Assert.Equal(await FactsAsync(backup), await FactsAsync(settings));
        Assert.Equal(provider == DatabaseProvider.Sqlite ? 1 : 0, Directory.GetFiles(_folder, "target.db.replaced-*").Length);
    }

    [Fact]
    public async Task A_file_that_is_damaged_foreign_or_newer_changes_nothing()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FillAsync(portal);
        await BackUpAsync(portal, FilePath("good.bak"));
        await File.WriteAllTextAsync(FilePath("text.bak"), "not a database at all");
        CopyWith("foreign.bak", "DROP TABLE \"__EFMigrationsHistory\"");
        CopyWith("newer.bak", "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0')");
        var bytes = await File.ReadAllBytesAsync(FilePath("good.bak"));
        bytes.AsSpan(bytes.Length / 2, 6_000).Fill(0xA5);
        await File.WriteAllBytesAsync(FilePath("damaged.bak"), bytes);

        var settings = await TargetAsync(DatabaseProvider.Sqlite);
        foreach (var (file, reason) in new[] { ("text.bak", "not a backup"), ("foreign.bak", "not one of this portal"), ("newer.bak", "newer version"), ("damaged.bak", "damaged"), ("absent.bak", "no file") })
        {
            var run = await PortalProcess.RunAsync(settings, "restore", FilePath(file));
            Assert.Equal((1, true), (run.ExitCode, run.Error.Contains(reason, StringComparison.Ordinal)));
        }

        Assert.False(File.Exists(FilePath("target.db")));
        Assert.Empty(Directory.GetFiles(_folder, "*.restoring*"));
    }

    [Fact]
    public async Task A_restore_says_when_the_master_key_is_another_one()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FillAsync(portal);
        await BackUpAsync(portal, FilePath("portal.bak"));
        var settings = await TargetAsync(DatabaseProvider.Sqlite);
        settings["Portal__DataProtectionKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        var run = await PortalProcess.RunAsync(settings, "restore", FilePath("portal.bak"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Portal:DataProtectionKey", run.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<BackupResult> BackUpAsync(PortalFactory portal, string file, bool replace = false) =>
        portal.Get<BackUpPortal>().ExecuteAsync(file, replace, new Progress<string>(), CancellationToken.None);

    private static async Task FillAsync(PortalFactory portal)
    {
        await portal.WriteAsync(db =>
        {
            var store = db.Stores.Add(new Store { Name = "龙井茶铺", CreatedAt = DateTimeOffset.UnixEpoch }).Entity;
            db.Users.Add(new PortalUser { StoreId = store.Id, UserName = "li@example.com", Email = "li@example.com", LockoutEnd = DateTimeOffset.UnixEpoch.AddDays(1) });
            db.UserClaims.Add(new() { UserId = db.Users.Local.Single().Id, ClaimType = "a", ClaimValue = "b" });
        });
        Assert.IsType<SeedHistoryResult.Seeded>(await portal.Get<SeedHistory>().ExecuteAsync(120, 4, new Progress<int>(), CancellationToken.None));
    }

    private async Task<Dictionary<string, string>> TargetAsync(DatabaseProvider provider) => provider == DatabaseProvider.Sqlite
        ? PortalProcess.Settings($"Data Source={FilePath("target.db")}")
        : PortalProcess.Settings(await PostgresCluster.CreateDatabaseAsync(), DatabaseProvider.PostgreSql);

    private static Task<PortalFactory> StartOnAsync(Dictionary<string, string> settings) => PortalFactory.StartAsync(configure: factory => factory
        .Set("Database:Provider", settings["Database__Provider"]).Set("ConnectionStrings:Portal", settings["ConnectionStrings__Portal"]));

    private string FilePath(string name) => Path.Combine(_folder, name);

    private void CopyWith(string name, string sql)
    {
        File.Copy(FilePath("good.bak"), FilePath(name));
        using var connection = new SqliteConnection($"Data Source={FilePath(name)};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static async Task<string> FactsAsync(Dictionary<string, string> settings)
    {
        var text = settings["ConnectionStrings__Portal"];
        await using PortalDbContext db = settings["Database__Provider"] == nameof(DatabaseProvider.PostgreSql)
            ? new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(text).Options)
            : BackupFile.Open(new SqliteConnectionStringBuilder(text).DataSource);
        return await FactsAsync(db);
    }

    /// <summary>Every table's number of rows and a digest of their values; the key ring grows by itself.</summary>
    private static async Task<string> FactsAsync(PortalDbContext db)
    {
        await db.Database.OpenConnectionAsync();
        var facts = new List<string>();
        foreach (var table in TableShape.Of(db).Where(table => table.Name != "DataProtectionKeys"))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT {table.ColumnList} FROM \"{table.Name}\"";
            await using var rows = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await rows.ReadAsync())
            {
                lines.Add(string.Join('|', table.Columns.Select((column, index) => Text(column.Read(rows, index)))));
            }

            lines.Sort(StringComparer.Ordinal);
            facts.Add($"{table.Name}: {lines.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))}");
        }

        facts.Sort(StringComparer.Ordinal);
        return string.Join('\n', facts);
    }

    private static string? Text(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : value.ToString();
}
