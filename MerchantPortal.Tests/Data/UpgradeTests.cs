using System.Text;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MerchantPortal.Tests.Data;

/// <summary>A database of an older version keeps everything when this one starts on it.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string Store = "01A20006-4516-7414-BF68-90989C56D5E6";
    private const string Order = "01A20006-5E7E-7013-9162-6138044B3410";
    private const string Capture = "01A20007-17C0-72F8-95B0-1367682876DF";
    private const string Trace = """[{"Step":"received","Ok":true,"Detail":"Captured as it arrived.","Values":{"bytes":"988"}},{"Step":"effect","Ok":true,"Detail":"龙井","Values":null}]""";
    private const string Changes = """[{"entity":"order","key":"M26","field":"Status","before":"Pending","after":"Paid"}]""";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"id\":\"茶\"}");

    private readonly string _folder = Directory.CreateTempSubdirectory("upgrade-").FullName;

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Captures_attempts_and_timelines_of_an_older_version_are_read_as_they_were(DatabaseProvider provider)
    {
        var connection = provider == DatabaseProvider.Sqlite ? $"Data Source={Path.Combine(_folder, "portal.db")}" : await PostgresCluster.CreateDatabaseAsync();
        await using (var old = Old(provider, connection))
        {
            await old.GetService<IMigrator>().MigrateAsync("RefundReasons");
            await FillAsync(old);
        }

        await using var portal = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Database:Provider", provider.ToString()).Set("ConnectionStrings:Portal", connection));

        var entry = await portal.ReadAsync(db => db.Inbox.SingleAsync());
        Assert.Equal((Guid.Parse(Capture), Guid.Parse(Order), """{"wechatpay-nonce":"A\u002BB"}"""), (entry.Id, entry.OrderId, entry.HeadersJson.ToString()));
        Assert.Equal(Body, entry.Body);
        var attempts = await portal.ReadAsync(db => db.CaptureAttempts.OrderBy(row => row.Number).ToListAsync());
        Assert.Equal([(1, Trace, Changes), (2, "[]", "[]")], attempts.Select(row => (row.Number, row.TraceJson.ToString(), row.ChangesJson.ToString())));
        Assert.Equal(["{}", """{"amount":"¥1.00"}"""], await portal.ReadAsync(db => db.Timeline.OrderBy(row => row.Id).Select(row => row.DataJson).ToListAsync()));
        Assert.Equal([1L, 2L], await portal.ReadAsync(db => db.Feed.OrderBy(row => row.Number).Select(row => row.Number).ToListAsync()));
    }

    [Fact]
    public async Task Short_rows_that_are_read_by_their_key_alone_lie_in_the_tree_of_their_key()
    {
        await using var portal = await PortalFactory.StartAsync();
        var made = await portal.ReadAsync(db => db.Database.SqlQueryRaw<string>(
            """SELECT "name" AS "Value" FROM sqlite_master WHERE "type" = 'table' AND "sql" LIKE '%WITHOUT ROWID'""").ToListAsync());
        Assert.Equal(SqliteTables.WithoutRowId.Order(), made.Order());
    }

    [Fact]
    public async Task A_migration_of_sqlite_is_one_transaction_so_that_a_killed_one_can_begin_again()
    {
        await using var portal = await PortalFactory.StartAsync();
        var script = await portal.ReadAsync(db => Task.FromResult(db.GetService<IMigrator>().GenerateScript("RefundReasons", "LeanCaptures")));
        Assert.Contains("CREATE TABLE \"ef_temp_Inbox\"", script, StringComparison.Ordinal);
        Assert.Equal((1, 1), (script.Split("BEGIN TRANSACTION").Length - 1, script.Split("COMMIT").Length - 1));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static PortalDbContext Old(DatabaseProvider provider, string connection) => provider == DatabaseProvider.Sqlite
        ? new SqlitePortalDbContext(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite(connection).Options)
        : new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(connection).Options);

    private static async Task FillAsync(PortalDbContext db)
    {
        await RunAsync($"""
            INSERT INTO "Stores" ("Id", "Name", "TimeZone", "DayStartsAtHour", "Language", "EmbedOrigins", "LastFeedNumber", "CreatedAt")
            VALUES ('{Store}', '茶铺', 'Asia/Shanghai', 0, 'zh-CN', '', 2, 1)
            """);
        await RunAsync($"""
            INSERT INTO "Orders" ("Id", "StoreId", "Mode", "Number", "CheckoutToken", "Subject", "Amount", "PaidAmount", "RefundedAmount", "Status", "Flags", "CreatedAt", "ExpiresAt", "Version")
            VALUES ('{Order}', '{Store}', 'Live', 'M26', 't', '龙井', 100, 0, 0, 'Pending', 0, 1, 99999999999999, 0)
            """);
        await RunAsync($$"""
            INSERT INTO "Timeline" ("Id", "StoreId", "OrderId", "At", "Kind", "ActorKind", "ActorName", "DataJson")
            VALUES ('01A20007-17C0-7485-91DE-0B43CE576973', '{{Store}}', '{{Order}}', 1, 'OrderCreated', 'System', 'x', {0}),
                   ('01A20007-17C0-7485-91DE-0B43CE576974', '{{Store}}', '{{Order}}', 2, 'PaymentReceived', 'Gateway', 'wechat-v3', {1})
            """, "{}", """{"amount":"¥1.00"}""");
        await RunAsync($"""
            INSERT INTO "Feed" ("StoreId", "Number", "OrderId", "OrderNumber", "Kind", "Status", "Flags", "At")
            VALUES ('{Store}', 1, '{Order}', 'M26', 'OrderCreated', 'Pending', 0, 1), ('{Store}', 2, '{Order}', 'M26', 'PaymentReceived', 'Pending', 0, 2)
            """);
        await RunAsync($$"""
            INSERT INTO "Inbox" ("Id", "OrderId", "StoreId", "ChannelAccountId", "Channel", "Method", "Path", "QueryString", "HeadersJson", "Body", "BodyHash", "RemoteAddress", "ReceivedAt", "Status", "Reason", "Attempts", "Repeats", "Version")
            VALUES ('{{Capture}}', '{{Order}}', '{{Store}}', '{{Store}}', 'wechat-v3', 'POST', '/', '', {0}, {1}, {2}, '', 1, 'Applied', 'paid', 2, 0, 0)
            """, """{"wechatpay-nonce":"A\u002BB"}""", Body, System.Security.Cryptography.SHA256.HashData(Body));
        await RunAsync($$"""
            INSERT INTO "CaptureAttempts" ("Id", "CaptureId", "Number", "At", "ActorKind", "ActorName", "Outcome", "Reason", "TraceJson", "ChangesJson")
            VALUES ('01A20007-17C0-724D-89BF-ECD03AEE9A77', '{{Capture}}', 1, 1, 'Gateway', 'wechat-v3', 'Applied', 'paid', {0}, {1}),
                   ('01A20007-17C0-724D-89BF-ECD03AEE9A78', '{{Capture}}', 2, 2, 'System', 'x', 'Duplicate', 'duplicate', '[]', '[]')
            """, Trace, Changes);

        Task RunAsync(string sql, params object[] values) => db.Database.ExecuteSqlRawAsync(sql, values);
    }
}
