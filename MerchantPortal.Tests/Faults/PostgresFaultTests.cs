using System.Diagnostics;
using System.Net;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MerchantPortal.Tests.Faults;

/// <summary>PostgreSQL goes away: in the middle of a commit, or for a while.</summary>
public sealed class PostgresFaultTests
{
    [Fact]
    public async Task A_commit_whose_reply_is_lost_is_found_out_by_reading_and_counts_once()
    {
        var direct = new NpgsqlConnectionStringBuilder(await PostgresCluster.CreateDatabaseAsync());
        await using var shop = await FaultShop.OpenAsync(12, direct.ToString());
        using var proxy = new DroppedReplyProxy($"{direct.Host}/.s.PGSQL.{direct.Port}");
        shop.Settings["ConnectionStrings__Portal"] = new NpgsqlConnectionStringBuilder(direct.ToString()) { Host = "127.0.0.1", Port = proxy.Port }.ToString();
        await using (var portal = await shop.StartAsync())
        {
            foreach (var order in shop.Waiting.ToList())
            {
                proxy.Arm();
                var answer = await shop.SendAsync(portal.Address, order);
                Assert.True(answer == HttpStatusCode.OK, $"{answer} {portal.Output}");
            }
        }

        shop.Settings["ConnectionStrings__Portal"] = direct.ToString();
        await shop.AssertAllPaidAsync();
        Assert.True(proxy.Dropped >= 12, $"{proxy.Dropped}");
        await using var db = shop.Read();
        Assert.InRange(await db.Inbox.CountAsync(), 13, 36);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task While_the_server_is_away_callbacks_get_503_and_when_it_is_back_all_are_paid(string mode)
    {
        using var cluster = PostgresCluster.StartOwn();
        await using var shop = await FaultShop.OpenAsync(60, await cluster.AddDatabaseAsync());
        await using var portal = await shop.StartAsync();
        foreach (var order in Enumerable.Range(0, 20))
        {
            await shop.SendAsync(portal.Address, order);
        }

        Assert.Equal(20, shop.Acknowledged.Count);
        cluster.Stop(mode);
        var away = await Task.WhenAll(Enumerable.Range(20, 20).Select(order => shop.SendAsync(portal.Address, order)));
        Assert.All(away, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer));
        Assert.False(await shop.IsReadyAsync(portal.Address));

        cluster.RunAgain();
        var back = Stopwatch.GetTimestamp();
        while (!await shop.IsReadyAsync(portal.Address))
        {
            Assert.True(Stopwatch.GetElapsedTime(back) < TimeSpan.FromSeconds(10), "Not ready ten seconds after the server is back.");
        }

        await shop.SendWaitingAsync(portal);
        await shop.AssertAllPaidAsync();
    }
}
