using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>Callbacks come too early, or among clients that hold their connections and say nothing.</summary>
public sealed class TrafficFaultTests
{
    private const int SlowClients = 2_000;

    [Fact]
    public async Task A_callback_that_comes_before_its_order_is_applied_after_it_without_another_call()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        await using var portal = await shop.StartAsync();
        await using var db = shop.Read();
        // Under another number the attempt is not there yet.
        await db.Database.ExecuteSqlRawAsync("""UPDATE "Attempts" SET "OutTradeNo" = 'not-yet'""");
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.SendAsync(portal.Address, 0));

        // The fault itself: the order's commit comes two seconds late, by the clock of another process.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await db.Database.ExecuteSqlAsync($"""UPDATE "Attempts" SET "OutTradeNo" = {shop.Orders[0].OutTradeNo}""");
        var committed = Stopwatch.GetTimestamp();
        await shop.UntilAsync((all, ct) => all.Orders.AnyAsync(order => order.Status == OrderStatus.Paid, ct));
        Assert.True(Stopwatch.GetElapsedTime(committed) < TimeSpan.FromSeconds(10), "Applied too late.");

        await shop.AssertSoundAsync();
    }

    [Fact]
    public async Task Clients_that_hold_their_headers_or_bodies_back_are_cut_and_do_not_keep_callbacks_waiting()
    {
        await using var shop = await FaultShop.OpenAsync(40);
        await using var portal = await shop.StartAsync();
        await shop.SendAsync(portal.Address, 0);
        var slow = await Task.WhenAll(Enumerable.Range(0, SlowClients).Select(number => HoldAsync(shop, portal, withHeaders: number % 2 == 0)));

        await shop.SendWaitingAsync(portal);

        // Nobody had to wait until they were cut.
        Assert.Contains(slow, IsHeld);
        await shop.AssertAllPaidAsync();
        foreach (var client in slow)
        {
            using (client)
            {
                await ReadToEndAsync(client);
            }
        }
    }

    private static async Task<TcpClient> HoldAsync(FaultShop shop, PortalProcess portal, bool withHeaders)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, portal.Address.Port);
        var start = $"POST /notify/wechat-v3/{shop.AccountId:N} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n" + (withHeaders ? "\r\n{" : "X-Slow: ");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start));
        return client;
    }

    /// <summary>False once the portal has answered or hung up.</summary>
    private static bool IsHeld(TcpClient client) => !client.Client.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>Ends when the portal has hung up; it would wait for a slow client for ever otherwise.</summary>
    private static async Task ReadToEndAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        try
        {
            while (await client.GetStream().ReadAsync(new byte[1024], patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset counts as cut.
        }
    }
}
