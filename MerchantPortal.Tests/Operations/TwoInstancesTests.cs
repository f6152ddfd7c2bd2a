using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Operations;

/// <summary>The script that shows two instances behind a proxy, as the README has it.</summary>
public sealed class TwoInstancesTests
{
    [Fact]
    public async Task Two_instances_behind_a_proxy_keep_what_the_script_promises()
    {
        var start = new ProcessStartInfo("bash", ["MerchantPortal.Tests/two-instances.sh", "check"]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_BUILD"] = "1";
        start.Environment["PORT"] = FreeRange().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var script = Process.Start(start) ?? throw new InvalidOperationException("bash does not start.");

        var complaints = script.StandardError.ReadToEndAsync();
        var told = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.True(script.ExitCode == 0, await complaints);

        Assert.Equal(
            ["what one instance writes, the other reads", "a repeat at the other instance makes nothing twice", "a browser stays with its instance",
                "with one instance gone the shop goes on", "every invariant holds"],
            told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" (")[0].Replace("ok: ", "", StringComparison.Ordinal)));
    }

    /// <summary>Three ports in a row that nobody listens on, below those that the system gives to connections: one of these would be taken again at any moment.</summary>
    private static int FreeRange()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(port, 3).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
