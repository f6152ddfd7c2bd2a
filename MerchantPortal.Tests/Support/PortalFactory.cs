using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Sandbox.Keys;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// The whole portal on a real port with a database of its own, deleted afterwards. Settings and services may be changed before
/// <see cref="StartAsync"/>.
/// </summary>
public sealed class PortalFactory : WebApplicationFactory<Program>
{
    private const int EndedBetweenCollections = 40;

    private static int _ended;

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-test-").FullName;
    private readonly Dictionary<string, string> _settings = [];
    private readonly List<Action<IServiceCollection>> _services = [];
    private readonly KeyPairs _keyPairs = new();
    private string _environment = "Development";
    private bool _jobs;
    private bool _ownKeys;
    private string? _postgres;

    public PortalFactory()
    {
        Set("Logging:LogLevel:Default", "Warning");
        Set("Portal:DataProtectionKey", Convert.ToBase64String(new byte[32]));
        Set("ConnectionStrings:Portal", $"Data Source={Path.Combine(_folder, "portal.db")}");
        Set("ConnectionStrings:Sandbox", $"Data Source={Path.Combine(_folder, "sandbox.db")}");
        // Any free port; the setting of the product's own would make all tests meet on one.
        Set("Urls", "http://127.0.0.1:0");
    }

    /// <summary>Where the portal listens, e.g. <c>http://127.0.0.1:40123/</c>. After <see cref="StartAsync"/>.</summary>
    public Uri Address => new(ClientOptions.BaseAddress.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>On SQLite, or on PostgreSQL, started.</summary>
    public static async Task<PortalFactory> StartAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, Action<PortalFactory>? configure = null)
    {
        var factory = new PortalFactory();
        await MigratedDatabases.CopyToAsync(factory._folder);
        if (provider == DatabaseProvider.PostgreSql)
        {
            factory._postgres = await PostgresCluster.CreateMigratedDatabaseAsync();
            factory.Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", factory._postgres);
        }

        configure?.Invoke(factory);
        factory.UseKestrel(0);
        try
        {
            factory.StartServer();
            return factory;
        }
        catch
        {
            // One that refuses to start leaves nothing behind either.
            await factory.DisposeAsync();
            throw;
        }
    }

    public PortalFactory Set(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    public PortalFactory InEnvironment(string environment)
    {
        _environment = environment;
        return this;
    }

    public PortalFactory ConfigureServices(Action<IServiceCollection> configure)
    {
        _services.Add(configure);
        return this;
    }

    public PortalFactory WithClock(TimeProvider time) => ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(time)));

    /// <summary>With the jobs that ask gateways by themselves. Else a test starts their rounds, and every call to a gateway is its own.</summary>
    public PortalFactory WithJobs()
    {
        _jobs = true;
        return this;
    }

    /// <summary>With key pairs that no other portal has: for portals that share a sandbox.</summary>
    public PortalFactory WithOwnKeys()
    {
        _ownKeys = true;
        return this;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Reads the database directly, as an assertion does.</summary>
    public async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>Changes the database directly, as an arrangement does.</summary>
    public Task WriteAsync(Action<PortalDbContext> write) => Get<PortalWriter>().WriteAsync(
        (db, _) =>
        {
            write(db);
            return Task.FromResult(true);
        },
        CancellationToken.None);

    /// <summary>Everything that must hold in the database does.</summary>
    public async Task AssertInvariantsAsync()
    {
        var verdicts = await Get<InvariantCheck>().RunAsync(CancellationToken.None);
        Assert.NotEmpty(verdicts);
        Assert.DoesNotContain(verdicts, verdict => verdict.Breaches > 0);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services =>
        {
            if (!_jobs)
            {
                services.RemoveJob<PaymentJanitor>();
                services.RemoveJob<FetchBills>();
            }

            // A browser that closes says nothing, and a portal that has ended is held until its circuits are given up.
            services.Configure<CircuitOptions>(options =>
                options.DisconnectedCircuitRetentionPeriod = options.PersistedCircuitInMemoryRetentionPeriod = Patience.Limit);
            // Made slow against guessing, which no test does; the same format otherwise.
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
            if (!_ownKeys)
            {
                services.Replace(ServiceDescriptor.Singleton<MakeKeyPair>(_keyPairs.Next));
            }

            foreach (var configure in _services)
            {
                configure(services);
            }
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_folder))
        {
            // Pooled connections keep a deleted file open.
            SqliteConnection.ClearAllPools();
            DeleteFolder();
            if (_postgres is not null)
            {
                PostgresCluster.DropDatabase(_postgres);
            }

            if (Interlocked.Increment(ref _ended) % EndedBetweenCollections == 0)
            {
                // Ended portals lie where the collector looks last, and where there is much memory it takes its time until they fill it.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
        }
    }

    private void DeleteFolder()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A request that has not noticed the end may open the database once more meanwhile; what it leaves goes with the run's own folder.
        }
    }
}

file static class HostedServices
{
    public static void RemoveJob<T>(this IServiceCollection services) => services.Remove(services.Single(
        service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.GetType().GenericTypeArguments[1] == typeof(T)));
}
