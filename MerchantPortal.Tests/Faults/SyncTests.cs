using System.Net;
using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Faults;

/// <summary>No gateway hears "success" before the kernel has said that the payment is on the disk: read from the system calls themselves.</summary>
public sealed partial class SyncTests
{
    [Fact]
    public async Task Every_success_is_sent_after_the_log_was_synced_and_nothing_was_written_between()
    {
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace");
        await using var shop = await FaultShop.OpenAsync(12);
        await using (var portal = await shop.StartAsync(tracer:
            ["strace", "-f", "-qq", "-yy", "-s", "24", "--seccomp-bpf", "-o", trace, "-e", "trace=pwrite64,fsync,fdatasync,sendto,sendmsg,write,writev"]))
        {
            foreach (var order in shop.Waiting.ToList())
            {
                Assert.Equal(HttpStatusCode.OK, await shop.SendAsync(portal.Address, order));
            }

            // The tracer ends with what it traces, and by then has written everything out.
            portal.Terminate();
            await portal.WaitForExitAsync(TimeSpan.FromSeconds(20));
        }

        var (answers, written, synced) = (0, 0, true);
        var syncing = new HashSet<string>();
        foreach (var call in await File.ReadAllLinesAsync(trace))
        {
            if (LogWrite().IsMatch(call))
            {
                (written, synced) = (written + 1, false);
            }
            else if (LogSync().Match(call) is { Success: true } sync)
            {
                // Either in one line, or begun here and resumed after another thread's call.
                _ = sync.Groups["done"].Success ? synced = true : syncing.Add(sync.Groups["thread"].Value);
            }
            else if (SyncResumed().Match(call) is { Success: true } resumed && syncing.Remove(resumed.Groups["thread"].Value))
            {
                synced = true;
            }
            else if (Success().IsMatch(call))
            {
                Assert.True(written > 0 && synced, $"Answer {answers + 1} was sent with {written} writes before it, synced: {synced}.");
                (answers, written) = (answers + 1, 0);
            }
        }

        Assert.Equal(12, answers);
        await shop.AssertAllPaidAsync();
    }

    [GeneratedRegex(@"p?write(64)?\(\d+<[^>]*portal\.db-wal>")]
    private static partial Regex LogWrite();

    [GeneratedRegex(@"^(?<thread>\d+)\s+(fsync|fdatasync)\(\d+<[^>]*portal\.db-wal>(?<done>\)\s+= 0)?")]
    private static partial Regex LogSync();

    [GeneratedRegex(@"^(?<thread>\d+)\s+<\.\.\. (fsync|fdatasync) resumed>\)\s+= 0")]
    private static partial Regex SyncResumed();

    [GeneratedRegex(@"(sendto|sendmsg|write|writev)\(\d+<TCP[^\n]*HTTP/1\.1 20[04]")]
    private static partial Regex Success();
}
