using MerchantPortal.Data;
using MerchantPortal.Sandbox.Trades;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// Databases of this version's schema without a row, made once in a run: a copy takes a millisecond, the migrations of a new
/// database half of what it takes to start a portal.
/// </summary>
internal static class MigratedDatabases
{
    private const string Portal = "portal.db";
    private const string Sandbox = "sandbox.db";

    private static readonly Lazy<Task<(byte[] Portal, byte[] Sandbox)>> Files = new(MakeFilesAsync);

    /// <summary>Puts <c>portal.db</c> and <c>sandbox.db</c> into the folder.</summary>
    public static async Task CopyToAsync(string folder)
    {
        var (portal, sandbox) = await Files.Value;
        await File.WriteAllBytesAsync(Path.Combine(folder, Portal), portal);
        await File.WriteAllBytesAsync(Path.Combine(folder, Sandbox), sandbox);
    }

    /// <summary>Brings a database to this version's schema; no connection to it is left.</summary>
    public static Task MigrateAsync(DatabaseProvider provider, string connectionString) =>
        MakeAsync(provider, connectionString, services => services.GetRequiredService<MigratePortal>().ExecuteAsync(CancellationToken.None));

    private static async Task<(byte[] Portal, byte[] Sandbox)> MakeFilesAsync()
    {
        using var folder = new TemporaryFolder();
        var sandbox = Path.Combine(folder.Path, Sandbox);
        await MakeAsync(
            DatabaseProvider.Sqlite,
            $"Data Source={Path.Combine(folder.Path, Portal)};Pooling=False",
            services =>
            {
                services.GetRequiredService<SandboxWriter>().Prepare();
                return services.GetRequiredService<MigratePortal>().ExecuteAsync(CancellationToken.None);
            },
            $"Data Source={sandbox};Pooling=False");
        return (await File.ReadAllBytesAsync(Path.Combine(folder.Path, Portal)), await File.ReadAllBytesAsync(sandbox));
    }

    private static async Task MakeAsync(DatabaseProvider provider, string connectionString, Func<IServiceProvider, Task> make, string? sandbox = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider.ToString(),
            ["ConnectionStrings:Portal"] = connectionString,
            ["ConnectionStrings:Sandbox"] = sandbox,
        });
        builder.Services.AddSingleton<IConfiguration>(builder.Configuration);
        builder.Services.AddData(builder.Configuration);
        builder.Services.AddSingleton<SandboxWriter>();
        await using var services = builder.Services.BuildServiceProvider();
        await make(services);
    }
}
