using System.Diagnostics;
using System.Globalization;
using MerchantPortal.Data;

namespace MerchantPortal.Tests.Support;

/// <summary>The built program as a process of its own, as an operator starts it; ended by its id.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly List<string> _output;

    private readonly Task _reading;

    private readonly bool _isTraced;

    private PortalProcess(Process process, List<string> output, Uri address, bool isTraced)
    {
        (_process, _output, Address, _isTraced) = (process, output, address, isTraced);
        _reading = ReadOnAsync();
    }

    public Uri Address { get; }

    /// <summary>Of the portal itself, also where a tracer has started it.</summary>
    public int Id => _isTraced
        ? int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim(), CultureInfo.InvariantCulture)
        : _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the portal and waits until it listens.</summary>
    /// <param name="settings">Environment variables, as <c>Section__Key</c>.</param>
    /// <param name="tracer">A program and its arguments that runs the portal, e.g. a tracer; null to run it directly.</param>
    public static async Task<PortalProcess> StartAsync(IReadOnlyDictionary<string, string> settings, string[]? tracer = null)
    {
        var (process, output) = Launch(tracer ?? [], [], settings);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Keep(output, line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new PortalProcess(process, output, new Uri(line[(at + Listening.Length)..].Trim() + "/"), tracer is not null);
            }
        }

        await process.WaitForExitAsync();
        throw new PortalDidNotStartException(process.ExitCode, Text(output));
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<VerbRun> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments) => RunAsync(settings, [], arguments);

    /// <inheritdoc cref="RunAsync(IReadOnlyDictionary{string, string}, string[])"/>
    public static async Task<VerbRun> RunAsync(IReadOnlyDictionary<string, string> settings, string[] tracer, string[] arguments)
    {
        var (process, output) = Launch(tracer, arguments, settings);
        using (process)
        {
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new VerbRun(process.ExitCode, text, Text(output));
        }
    }

    /// <summary>Settings of a portal on a database of its own, without background noise.</summary>
    public static Dictionary<string, string> Settings(string connectionString, DatabaseProvider provider = DatabaseProvider.Sqlite) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Urls"] = "http://127.0.0.1:0",
        ["Database__Provider"] = provider.ToString(),
        ["ConnectionStrings__Portal"] = connectionString,
        ["ConnectionStrings__Sandbox"] = "Data Source=sandbox.db",
        ["Sandbox__Enabled"] = "false",
        ["Portal__DataProtectionKey"] = Convert.ToBase64String(new byte[32]),
        ["Logging__LogLevel__Default"] = "Warning",
        ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
    };

    /// <summary>What it has written so far, for a failing test's message.</summary>
    public string Output => Text(_output);

    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Signal("TERM");

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <returns>The exit code; a process that a signal ended has 128 plus the signal's number.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    /// <summary>Whoever does not read a program's output stops it in the end.</summary>
    private async Task ReadOnAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Keep(_output, line);
        }
    }

    private static (Process Process, List<string> Output) Launch(string[] tracer, string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        string[] command = [.. tracer, "dotnet", typeof(PortalWriter).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        var output = new List<string>();
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, data) => Keep(output, data.Data);
        process.Start();
        process.BeginErrorReadLine();
        return (process, output);
    }

    private static void Keep(List<string> output, string? line)
    {
        lock (output)
        {
            output.Add(line ?? "");
        }
    }

    private static string Text(List<string> output)
    {
        lock (output)
        {
            return string.Join('\n', output);
        }
    }
}

internal sealed record VerbRun(int ExitCode, string Output, string Error);

internal sealed class PortalDidNotStartException(int exitCode, string output) : Exception($"The portal ended with {exitCode}: {output}")
{
    public int ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}
