using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Operations.Backups;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Load;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>
/// A shop whose orders wait to be paid, in a database that outlives every portal that a test starts on it; and WeChat, which keeps sending
/// until it is answered and remembers what was.
/// </summary>
internal sealed class FaultShop : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly string _folder;
    private readonly WeChatPlatform _platform = new();
    private readonly HttpClient _client = LoadClient.Create();
    private readonly ConcurrentDictionary<int, byte[]> _acknowledged = new();

    private FaultShop(string folder, Dictionary<string, string> settings) => (_folder, Settings) = (folder, settings);

    public Dictionary<string, string> Settings { get; }

    public WeChatPlatform Platform => _platform;

    public string File => Path.Combine(_folder, "portal.db");

    public IReadOnlyList<(string OutTradeNo, long Amount)> Orders { get; private set; } = [];

    public Guid AccountId { get; private set; }

    /// <summary>Numbers of the orders whose payment was acknowledged.</summary>
    public ICollection<int> Acknowledged => _acknowledged.Keys;

    public IEnumerable<int> Waiting => Enumerable.Range(0, Orders.Count).Where(order => !_acknowledged.ContainsKey(order));

    public static async Task<FaultShop> OpenAsync(int orders, string? postgres = null)
    {
        var folder = Directory.CreateTempSubdirectory("portal-fault-").FullName;
        var shop = new FaultShop(folder, postgres is null
            ? PortalProcess.Settings($"Data Source={Path.Combine(folder, "portal.db")}")
            : PortalProcess.Settings(postgres, DatabaseProvider.PostgreSql));
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Database:Provider", shop.Settings["Database__Provider"]).Set("ConnectionStrings:Portal", shop.Settings["ConnectionStrings__Portal"]));
        var storm = await StormShop.CreateAsync(portal, shop._platform, orders);
        (shop.Orders, shop.AccountId) = (storm.Orders, Guid.ParseExact(storm.NotifyUrl.Segments[^1], "N"));
        return shop;
    }

    public Task<PortalProcess> StartAsync(string? failpoints = null, string[]? tracer = null) =>
        PortalProcess.StartAsync(new Dictionary<string, string>(Settings) { [Failpoints.Variable] = failpoints ?? "" }, tracer);

    public static string TransactionOf(int order) => string.Create(CultureInfo.InvariantCulture, $"4200{order:000000000000}");

    /// <summary>Tells of one order's payment, freshly signed.</summary>
    /// <returns>Null when no answer came.</returns>
    public async Task<HttpStatusCode?> SendAsync(Uri portal, int order)
    {
        var message = _platform.Success(Orders[order].OutTradeNo, TransactionOf(order), Orders[order].Amount, TimeProvider.System.GetUtcNow());
        using var request = message.ToRequest(new Uri(portal, $"notify/wechat-v3/{AccountId:N}"));
        try
        {
            using var response = await _client.SendAsync(request);
            if (response.IsSuccessStatusCode)
            {
                _acknowledged[order] = SHA256.HashData(message.Body);
            }

            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends what is not acknowledged yet, a few at a time, once each; ends early when the portal does.</summary>
    public Task SendWaitingAsync(PortalProcess portal, int atOnce = 8) => Parallel.ForEachAsync(
        Waiting.ToList(), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (order, _) =>
        {
            if (!portal.HasExited)
            {
                await SendAsync(portal.Address, order);
            }
        });

    /// <summary>
    /// Sends until nothing waits any more, as WeChat does: a portal that is busy for a moment may say so, and a connection that an earlier portal
    /// has left on this port may break.
    /// </summary>
    public async Task SendUntilAnsweredAsync(PortalProcess portal)
    {
        for (var since = TimeProvider.System.GetTimestamp(); Waiting.Any() && TimeProvider.System.GetElapsedTime(since) < Patience.Limit;)
        {
            await SendWaitingAsync(portal);
        }
    }

    /// <summary>The database is an older one from here on: WeChat tells of everything again.</summary>
    public void ForgetAnswers() => _acknowledged.Clear();

    public async Task<bool> IsReadyAsync(Uri portal)
    {
        using var response = await _client.GetAsync(new Uri(portal, "health/ready"));
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Reads the database as it lies there, whoever has it open.</summary>
    public PortalDbContext Read() => new Contexts(this).CreateDbContext();

    /// <summary>As if every lease had lasted its time.</summary>
    public async Task EndLeasesAsync()
    {
        await using var db = Read();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await db.Leases.ExecuteUpdateAsync(set => set.SetProperty(row => row.Until, past));
    }

    /// <summary>Waits for what another process writes: nothing but its database tells, so that is looked at again and again.</summary>
    public async Task UntilAsync(Func<PortalDbContext, CancellationToken, Task<bool>> isThere)
    {
        using var late = new CancellationTokenSource(Patience.Limit, TimeProvider.System);
        await using var db = Read();
        while (!await isThere(db, late.Token))
        {
            await Task.Delay(LookAgain, TimeProvider.System, late.Token);
        }
    }

    /// <summary>Every invariant holds, and what was acknowledged is there byte for byte, its order paid once.</summary>
    public async Task AssertSoundAsync()
    {
        var verdicts = await new InvariantCheck(new Contexts(this)).RunAsync(CancellationToken.None);
        Assert.NotEmpty(verdicts);
        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.ToString()));
        await using var db = Read();
        var kept = (await db.Inbox.Select(row => row.BodyHash).ToListAsync()).Select(Convert.ToHexString).ToHashSet();
        Assert.DoesNotContain(_acknowledged.Values, hash => !kept.Contains(Convert.ToHexString(hash)));
        var paid = await db.Attempts.Where(row => db.Payments.Any(payment => payment.AttemptId == row.Id)).Select(row => row.OutTradeNo).ToListAsync();
        Assert.Equal(paid.Count, await db.Payments.CountAsync());
        Assert.Empty(_acknowledged.Keys.Select(order => Orders[order].OutTradeNo).Except(paid));
    }

    public async Task AssertAllPaidAsync()
    {
        Assert.Empty(Waiting);
        await using var db = Read();
        Assert.Equal(Orders.Count, await db.Orders.CountAsync(order => order.Status == OrderStatus.Paid && order.PaidAmount == order.Amount));
        await AssertSoundAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _platform.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private sealed class Contexts(FaultShop shop) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => shop.Settings["Database__Provider"] == nameof(DatabaseProvider.PostgreSql)
            ? new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(shop.Settings["ConnectionStrings__Portal"]).Options)
            : BackupFile.Open(shop.File);
    }
}
