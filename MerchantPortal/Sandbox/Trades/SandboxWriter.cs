using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Opens the sandbox's file. Writers go one after the other, so that what one has read stays true until it has saved.</summary>
public sealed class SandboxWriter(IConfiguration configuration, IHostEnvironment environment) : IDbContextFactory<SandboxDbContext>, IDisposable
{
    /// <summary>Raised with every change of the schema. A file of another version is thrown away: it holds play money only.</summary>
    private const long SchemaVersion = 9;

    private readonly SemaphoreSlim _one = new(1, 1);

    private readonly Lazy<DbContextOptions<SandboxDbContext>> _options = new(() => new DbContextOptionsBuilder<SandboxDbContext>()
        .UseSqlite(configuration.GetConnectionString("Sandbox") is { Length: > 0 } given
            ? given
            : $"Data Source={Path.Combine(DataFolder.Of(environment), "sandbox.db")}")
        .Options);

    public SandboxDbContext CreateDbContext() => new(_options.Value);

    /// <summary>Makes the file when there is none yet.</summary>
    public void Prepare()
    {
        using var db = CreateDbContext();
        if (db.Database.CanConnect() && db.Database.SqlQuery<long>($"SELECT user_version AS Value FROM pragma_user_version").Single() != SchemaVersion)
        {
            db.Database.EnsureDeleted();
        }

        if (db.Database.EnsureCreated())
        {
            db.Database.ExecuteSqlRaw($"PRAGMA user_version={SchemaVersion};");
        }
    }

    public async Task<T> WriteAsync<T>(Func<SandboxDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var db = CreateDbContext();
            var result = await work(db, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
