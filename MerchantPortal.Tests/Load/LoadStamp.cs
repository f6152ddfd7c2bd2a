using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MerchantPortal.Tests.Load;

/// <summary>Under what a figure was measured: without it no two can be compared.</summary>
internal static class LoadStamp
{
    private const int Syncs = 200;

    public static string Take() => FormattableString.Invariant(
        $"""
        cpu: {Cpu()}  cores: {Environment.ProcessorCount}  load average: {LoadAverage()}
        disk sync p50: {DiskSync():0} us  runtime: {RuntimeInformation.FrameworkDescription}  SQLite: {SQLitePCL.raw.sqlite3_libversion().utf8_to_string()}  commit: {Commit()}  gc: {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")}
        """);

    private static string Cpu() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?";

    private static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    private static string Commit()
    {
        var start = new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true };
        using var git = Process.Start(start);
        return git?.StandardOutput.ReadLine() ?? "?";
    }

    /// <returns>Microseconds that half of the writes of 8 KB need to reach the disk.</returns>
    private static double DiskSync()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[8_192];
            var times = new double[Syncs];
            for (var i = 0; i < Syncs; i++)
            {
                var started = Stopwatch.GetTimestamp();
                stream.Position = 0;
                stream.Write(page);
                stream.Flush(flushToDisk: true);
                times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }

            return Statistics.Median(times);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
