using System.Diagnostics;
using System.Net;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MerchantPortal.Tests.Faults;

/// <summary>The disk is full, or another process holds the file.</summary>
public sealed class SqliteFaultTests
{
    /// <summary>The tracer lets writes to the log fail as the kernel does on a full disk, for a while.</summary>
    [Fact]
    public async Task A_full_disk_is_answered_with_503_and_the_portal_goes_on_by_itself_when_there_is_room_again()
    {
        await using var shop = await FaultShop.OpenAsync(60);
        string[] fullForAWhile =
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", $"{shop.File}-wal", "-e", "trace=pwrite64,write", "-e", "inject=pwrite64,write:error=ENOSPC:when=60..80"];
        await using var portal = await shop.StartAsync(tracer: fullForAWhile);
        var answers = new List<HttpStatusCode?>();
        for (var round = 0; round < 60 && shop.Waiting.Any(); round++)
        {
            foreach (var order in shop.Waiting.ToList())
            {
                answers.Add(await shop.SendAsync(portal.Address, order));
            }
        }

        Assert.Contains(HttpStatusCode.ServiceUnavailable, answers);
        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer}"));
        await shop.AssertAllPaidAsync();
    }

    [Fact]
    public async Task A_file_that_another_process_holds_for_three_seconds_delays_callbacks_and_refuses_none()
    {
        await using var shop = await FaultShop.OpenAsync(40);
        await using var portal = await shop.StartAsync();
        await shop.SendAsync(portal.Address, 0);
        await using var held = await HoldAsync(shop.File);

        var sent = Enumerable.Range(1, 39).Select(order => TimedAsync(shop, portal, order)).ToList();
        // The fault itself, by the clock of another process.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        await held.DisposeAsync();

        foreach (var (answer, took) in await Task.WhenAll(sent))
        {
            Assert.True(answer == HttpStatusCode.OK, $"{answer} after {took}");
        }

        await shop.AssertAllPaidAsync();
    }

    [Fact]
    public async Task A_file_that_another_process_holds_for_eight_seconds_is_answered_with_503_in_time_and_nothing_is_lost()
    {
        await using var shop = await FaultShop.OpenAsync(120);
        await using var portal = await shop.StartAsync();
        await shop.SendAsync(portal.Address, 0);
        await using var held = await HoldAsync(shop.File);

        var hold = Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);
        var early = await Task.WhenAll(Enumerable.Range(1, 119).Select(order => TimedAsync(shop, portal, order)));
        Assert.False(hold.IsCompleted);
        Assert.All(early, one => Assert.Equal(HttpStatusCode.ServiceUnavailable, one.Answer));
        Assert.False(await shop.IsReadyAsync(portal.Address));
        Assert.InRange(Threads(portal.Id), 1, 59);
        await hold;
        await held.DisposeAsync();

        await shop.SendWaitingAsync(portal);
        await shop.AssertAllPaidAsync();
        Assert.True(await shop.IsReadyAsync(portal.Address));
    }

    private static async Task<(HttpStatusCode? Answer, TimeSpan Took)> TimedAsync(FaultShop shop, PortalProcess portal, int order)
    {
        var started = Stopwatch.GetTimestamp();
        return (await shop.SendAsync(portal.Address, order), Stopwatch.GetElapsedTime(started));
    }

    private static async Task<SqliteConnection> HoldAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = new SqliteCommand("BEGIN EXCLUSIVE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static int Threads(int processId) => Directory.GetDirectories($"/proc/{processId}/task").Length;
}
