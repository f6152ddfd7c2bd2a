using System.Diagnostics;
using Npgsql;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// A throw-away PostgreSQL server for this test run, started at first use and stopped when the process ends. Without
/// PostgreSQL on the machine the tests that need it fail and say what to install.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    private static readonly Lazy<PostgresCluster> Instance = new(Start);

    private readonly string _folder;
    private readonly string _binaries;

    private PostgresCluster(string folder, string binaries) => (_folder, _binaries) = (folder, binaries);

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public static Task<string> CreateDatabaseAsync() => Instance.Value.AddDatabaseAsync();

    /// <summary>A server for one test alone, which may stop it and let it run again.</summary>
    public static PostgresCluster StartOwn() => Start();

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> AddDatabaseAsync()
    {
        var name = $"portal_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <param name="mode">How sessions end: <c>fast</c>, or <c>immediate</c> as in a crash.</param>
    public void Stop(string mode) => Run($"{_binaries}/pg_ctl -D {_folder}/data -m {mode} -w stop");

    public void RunAgain() =>
        Run($"{_binaries}/pg_ctl -D {_folder}/data -l {_folder}/log -w -o '-c listen_addresses= -c unix_socket_directories={_folder} -c max_connections=200' start");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Stop("immediate");
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static PostgresCluster Start()
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

        var cluster = new PostgresCluster(folder, binaries);
        Run($"{binaries}/initdb -D {folder}/data -U postgres --auth=trust -E UTF8 --locale=C.UTF-8");
        cluster.RunAgain();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
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
