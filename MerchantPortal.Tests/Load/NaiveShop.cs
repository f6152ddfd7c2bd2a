using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// What a merchant would write himself: key parsed per call, one EF Core SaveChanges per request, check then insert. Plus two routes
/// to compare with: verify only, and nothing at all. Same machine, same SQLite settings (WAL, FULL), same wire format.
/// </summary>
internal sealed class NaiveShop : IAsyncDisposable
{
    /// <summary>Messages that are enough to repeat.</summary>
    private const int Repeated = 1_000;

    private readonly WebApplication _app;
    private readonly DbContextOptions<NaiveDb> _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("naive-").FullName;
    private RSA? _kept;

    private readonly NaiveKind _kind;
    private readonly WeChatPlatform _platform;
    private readonly List<(string OutTradeNo, long Amount)> _orders = [];
    private int _notified;

    private NaiveShop(WeChatPlatform platform, NaiveKind kind)
    {
        (_platform, _kind) = (platform, kind);
        _options = new DbContextOptionsBuilder<NaiveDb>().UseSqlite($"Data Source={Path.Combine(_folder, "naive.db")}").Options;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        var (pem, apiV3Key) = (platform.PublicKeyPem, platform.ApiV3Key);
        _app.MapPost("/control", () => Results.Ok());
        _app.MapPost("/naive", context => PayAsync(context, pem, apiV3Key));
        _app.MapPost("/verify", context => VerifyOnlyAsync(context, pem, apiV3Key));
    }

    public Uri Address => new(_app.Urls.Single() + "/");

    public static async Task<NaiveShop> StartAsync(WeChatPlatform platform, IEnumerable<(string OutTradeNo, long Amount)> orders, NaiveKind kind)
    {
        var shop = new NaiveShop(platform, kind);
        await using (var db = new NaiveDb(shop._options))
        {
            await db.Database.EnsureCreatedAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;");
        }

        await shop.AddOrdersAsync(orders);
        await shop._app.StartAsync();
        return shop;
    }

    /// <summary>Of orders that wait; more are placed when there are too few.</summary>
    public async Task<IReadOnlyList<SignedNotification>> SignNextAsync(int count)
    {
        await AddOrdersAsync([.. Enumerable.Range(_orders.Count, Math.Max(0, _notified + count - _orders.Count)).Select(index => ($"more{index:000000000000}", 100L + index))]);
        var signed = StormShop.Sign(_platform, _orders.Skip(_notified).Take(count), _notified);
        _notified += count;
        return signed;
    }

    /// <summary>A route that changes nothing: "control" or "verify".</summary>
    public StormSide Fixed(HttpClient client, string route) =>
        StormSide.Repeating(client, new Uri(Address, route), StormShop.Sign(_platform, _orders.Take(Repeated), 0));

    public async Task<int> PaidAsync()
    {
        await using var db = new NaiveDb(_options);
        return await db.Orders.CountAsync(order => order.TransactionId != null);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AddOrdersAsync(IEnumerable<(string OutTradeNo, long Amount)> orders)
    {
        await using var db = new NaiveDb(_options);
        foreach (var chunk in orders.Chunk(5_000))
        {
            db.Orders.AddRange(chunk.Select(order => new NaiveOrder { OutTradeNo = order.OutTradeNo, Amount = order.Amount }));
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
            _orders.AddRange(chunk);
        }
    }

    private async Task PayAsync(HttpContext context, string pem, string apiV3Key)
    {
        var (body, plain) = await OpenAsync(context, _kind == NaiveKind.Plain ? RsaOf(pem) : _kept ??= RsaOf(pem), apiV3Key);
        using var payment = JsonDocument.Parse(plain);
        var outTradeNo = payment.RootElement.GetProperty("out_trade_no").GetString();
        await using var db = new NaiveDb(_options);
        await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous=FULL;");
        await using var transaction = _kind == NaiveKind.Immediate ? await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable) : null;
        var order = await db.Orders.SingleAsync(row => row.OutTradeNo == outTradeNo);
        if (order.TransactionId is null && order.Amount == payment.RootElement.GetProperty("amount").GetProperty("total").GetInt64())
        {
            order.TransactionId = payment.RootElement.GetProperty("transaction_id").GetString();
            db.Events.Add(new NaiveEvent { Body = body });
            await db.SaveChangesAsync();
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync();
        }
    }

    private async Task VerifyOnlyAsync(HttpContext context, string pem, string apiV3Key)
    {
        _kept ??= RsaOf(pem);
        await OpenAsync(context, _kept, apiV3Key);
    }

    private static RSA RsaOf(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    private static async Task<(string Body, byte[] Plain)> OpenAsync(HttpContext context, RSA key, string apiV3Key)
    {
        var body = await new StreamReader(context.Request.Body, Encoding.UTF8).ReadToEndAsync();
        var headers = context.Request.Headers;
        var text = $"{headers["Wechatpay-Timestamp"]}\n{headers["Wechatpay-Nonce"]}\n{body}\n";
        if (!key.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(headers["Wechatpay-Signature"].ToString()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new CryptographicException("Bad signature.");
        }

        using var envelope = JsonDocument.Parse(body);
        var resource = envelope.RootElement.GetProperty("resource");
        var cipher = Convert.FromBase64String(resource.GetProperty("ciphertext").GetString() ?? "");
        var plain = new byte[cipher.Length - 16];
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(apiV3Key), 16);
        aes.Decrypt(Encoding.UTF8.GetBytes(resource.GetProperty("nonce").GetString() ?? ""), cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length), plain, "transaction"u8);
        return (body, plain);
    }
}

internal enum NaiveKind
{
    /// <summary>N0: key parsed per call, read, then one SaveChanges.</summary>
    Plain,

    /// <summary>N1: the same with its key kept.</summary>
    KeptKey,

    /// <summary>N2: and the write lock taken before the read.</summary>
    Immediate,
}

internal sealed class NaiveDb(DbContextOptions<NaiveDb> options) : DbContext(options)
{
    public DbSet<NaiveOrder> Orders => Set<NaiveOrder>();

    public DbSet<NaiveEvent> Events => Set<NaiveEvent>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<NaiveOrder>().HasIndex(order => order.OutTradeNo).IsUnique();
}

internal sealed class NaiveOrder
{
    public long Id { get; init; }

    public required string OutTradeNo { get; init; }

    public required long Amount { get; init; }

    public string? TransactionId { get; set; }
}

internal sealed class NaiveEvent
{
    public long Id { get; init; }

    public required string Body { get; init; }
}
