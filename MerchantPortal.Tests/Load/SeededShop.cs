using System.Diagnostics;
using MerchantPortal.Data;
using MerchantPortal.Operations.Seeding;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Load;

/// <summary>A portal with an owner and a believable past of so many orders.</summary>
internal sealed class SeededShop : IAsyncDisposable
{
    public const string Email = "owner@example.com";
    public const string Password = "a long enough password";

    private readonly string _folder = Directory.CreateTempSubdirectory("load-").FullName;
    private readonly string _connection;
    private readonly Action<PortalFactory>? _configure;

    private SeededShop(int size, string? connection, Action<PortalFactory>? configure) =>
        (Size, _connection, _configure) = (size, connection ?? $"Data Source={Path.Combine(_folder, "portal.db")}", configure);

    public PortalFactory Portal { get; private set; } = null!;

    public Guid StoreId { get; private set; }

    public int Size { get; }

    /// <summary><c>LOAD_DATABASE=PostgreSql</c> measures there; SQLite else.</summary>
    public static DatabaseProvider Provider =>
        Enum.TryParse<DatabaseProvider>(Environment.GetEnvironmentVariable("LOAD_DATABASE"), ignoreCase: true, out var given) ? given : DatabaseProvider.Sqlite;

    public static async Task<SeededShop> OpenAsync(int orders, Action<PortalFactory>? configure = null)
    {
        var shop = new SeededShop(orders, Provider == DatabaseProvider.PostgreSql ? await PostgresCluster.CreateDatabaseAsync() : null, configure);
        await shop.StartAsync();
        var portal = shop.Portal;
        var result = await portal.Get<SeedHistory>().ExecuteAsync(orders, 1, new Progress<int>(), CancellationToken.None);
        Assert.IsType<SeedHistoryResult.Seeded>(result);
        if (Provider == DatabaseProvider.PostgreSql)
        {
            await portal.Get<PortalWriter>().WriteAsync((db, ct) => db.Database.ExecuteSqlRawAsync("ANALYZE", ct), CancellationToken.None);
        }

        shop.StoreId = await portal.ReadAsync(db => db.Stores.Select(store => store.Id).SingleAsync());
        return shop;
    }

    /// <summary>Ends the portal and starts another on the same database.</summary>
    /// <returns>Milliseconds from the start until it says that it is ready.</returns>
    public async Task<double> RestartAsync()
    {
        await Portal.DisposeAsync();
        var started = Stopwatch.GetTimestamp();
        await StartAsync();
        using var client = new PortalClient(Portal.Address);
        await GetAsync(client, "/health/ready");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public async Task<PortalClient> SignInAsync()
    {
        var client = new PortalClient(Portal.Address);
        using var _ = await client.SignInAsync(Email, Password);
        return client;
    }

    /// <summary>The id so far down the list, 0 to 1.</summary>
    public Task<Guid> IdAtAsync(double depth) => Portal.ReadAsync(db =>
        db.Orders.Where(order => order.StoreId == StoreId).OrderByDescending(order => order.Id).Skip((int)(depth * (Size - 1))).Select(order => order.Id).FirstAsync());

    /// <summary>Orders all over the history, each with its transaction.</summary>
    public Task<List<(string Number, string TransactionId)>> SampleAsync(int count) => Portal.ReadAsync(async db =>
    {
        var every = Math.Max(1, Size / count);
        var paid = await db.Payments.Where(row => row.StoreId == StoreId)
            .Join(db.Orders, payment => payment.OrderId, order => order.Id, (payment, order) => new { order.Number, payment.ChannelTransactionId })
            .OrderBy(row => row.Number).ToListAsync();
        return paid.Where((_, i) => i % every == 0).Select(row => (row.Number, row.ChannelTransactionId)).ToList();
    });

    /// <returns>Bytes that the tables and indexes take.</returns>
    public Task<long> BytesAsync() => Portal.ReadAsync(db => db.Database.SqlQueryRaw<long>(Provider == DatabaseProvider.Sqlite
        ? """SELECT page_count * page_size AS "Value" FROM pragma_page_count(), pragma_page_size()"""
        : """SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync());

    /// <returns>Milliseconds that one call takes: the median of several.</returns>
    public static async Task<double> MedianAsync(int times, Func<int, Task> call)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await call(i);
            taken[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return Statistics.Median(taken);
    }

    public Task<OrderPage> PageAsync(OrderFilter filter, Guid? olderThan = null) => Portal.Get<OrderQueries>().PageAsync(
        StoreId, filter, new OrderCursor(OlderThan: olderThan), 50, CancellationToken.None);

    public static async Task GetAsync(PortalClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsByteArrayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync() => Portal = await PortalFactory.StartAsync(configure: factory =>
    {
        factory.Set("Database:Provider", Provider.ToString()).Set("ConnectionStrings:Portal", _connection)
            .Set("Bootstrap:OwnerEmail", Email).Set("Bootstrap:OwnerPassword", Password).Set("Bootstrap:StoreName", "茶铺");
        _configure?.Invoke(factory);
    });
}
