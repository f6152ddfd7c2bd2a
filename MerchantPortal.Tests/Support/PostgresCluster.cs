using System.Diagnostics;
using MerchantPortal.Data;
using Npgsql;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// A throw-away PostgreSQL server for this test run, started at first use and stopped when the process ends. Without
/// PostgreSQL on the machine the tests that need it fail and say what to install.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    /// <summary>Nothing of the shared server has to survive a power cut, and it keeps no log of what was.</summary>
    private const string Unsynced = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=32MB -c max_wal_size=128MB";

    private static readonly Lazy<PostgresCluster> Instance = new(() => Start(Unsynced));

    private readonly string _folder;
    private readonly string _binaries;
    private readonly string _options;
    private readonly Lazy<Task<string>> _template;

    private PostgresCluster(string folder, string binaries, string options)
    {
        (_folder, _binaries, _options) = (folder, binaries, options);
        _template = new(MakeTemplateAsync);
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public static Task<string> CreateDatabaseAsync() => Instance.Value.AddDatabaseAsync();

    /// <summary>Creates a database of this version's schema, without rows.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateMigratedDatabaseAsync()
    {
        var cluster = Instance.Value;
        return await cluster.AddDatabaseAsync(await cluster._template.Value);
    }

    /// <summary>Takes a database of this run away, and whoever is still connected to it.</summary>
    public static void DropDatabase(string connectionString) => Instance.Value.RemoveDatabase(connectionString);

    /// <summary>A server for one test alone, which may stop it and let it run again.</summary>
    public static PostgresCluster StartOwn() => Start("");

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> AddDatabaseAsync() => AddDatabaseAsync("template1");

    private async Task<string> AddDatabaseAsync(string template)
    {
        var name = $"portal_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    private void RemoveDatabase(string connectionString)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)", connection);
        command.ExecuteNonQuery();
    }

    /// <returns>Its name. Nobody may be connected to a template that is copied.</returns>
    private async Task<string> MakeTemplateAsync()
    {
        var migrated = await AddDatabaseAsync();
        await MigratedDatabases.MigrateAsync(DatabaseProvider.PostgreSql, $"{migrated};Pooling=false");
        return new NpgsqlConnectionStringBuilder(migrated).Database ?? throw new InvalidOperationException("A database without a name.");
    }

    /// <param name="mode">How sessions end: <c>fast</c>, or <c>immediate</c> as in a crash.</param>
    public void Stop(string mode) => Run($"{_binaries}/pg_ctl -D {_folder}/data -m {mode} -w stop");

    public void RunAgain() =>
        Run($"{_binaries}/pg_ctl -D {_folder}/data -l {_folder}/log -w -o '-c listen_addresses= -c unix_socket_directories={_folder} -c max_connections=200 {_options}' start");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Stop("immediate");
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static PostgresCluster Start(string options)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(path => $"{path}/bin").LastOrDefault(path => File.Exists($"{path}/initdb"))
            : null;
        if (binaries is null)
        {
            throw new InvalidOperationException("PostgreSQL is not installed. Run MerchantPortal.Tests/run.sh, or: apt-get install postgresql");
        }

        var folder = Directory.CreateTempSubdirectory("portal-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            RunDirect("chown", $"postgres {folder}");
        }

        var cluster = new PostgresCluster(folder, binaries, options);
        Run($"{binaries}/initdb -D {folder}/data -U postgres --auth=trust -E UTF8 --locale=C.UTF-8");
        cluster.RunAgain();
        cluster.EndWithThisProcess();
        return cluster;
    }

    /// <summary>
    /// A process of its own waits for the end of this one: whoever runs tests ends their process a moment after the last test, too soon to
    /// stop a server in, and one that is killed cannot clean up at all.
    /// </summary>
    private void EndWithThisProcess()
    {
        var stop = $"{_binaries}/pg_ctl -D {_folder}/data -m immediate -w stop";
        var script = $"tail --pid={Environment.ProcessId} -f /dev/null; {(Environment.IsPrivilegedProcess ? $"su postgres -c '{stop}'" : stop)}; rm -rf {_folder}";
        using var _ = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", $"exec >/dev/null 2>&1 </dev/null; cd /; {script}"]));
    }

    /// <summary>Through a socket in the cluster's own folder: a free port may be taken by another test before the server listens on it.</summary>
    private string ConnectionString(string database) => $"Host={_folder};Username=postgres;Database={database};Maximum Pool Size=20";

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static void Run(string command)
    {
        if (Environment.IsPrivilegedProcess)
        {
            RunDirect("su", $"postgres -c \"{command}\"");
        }
        else
        {
            RunDirect("sh", $"-c \"{command}\"");
        }
    }

    private static void RunDirect(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"Cannot start {program}.");
        // pg_ctl's server keeps the pipes open, so the exit is awaited, not the end of the output.
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments} failed: {process.StandardError.ReadToEnd()}");
        }
    }
}
