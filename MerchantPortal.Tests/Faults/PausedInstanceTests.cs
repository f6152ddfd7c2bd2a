using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>Two instances on PostgreSQL, of which one is stopped for longer than its leases last and then goes on as if nothing had been.</summary>
public sealed class PausedInstanceTests
{
    [Fact]
    public async Task An_instance_that_was_paused_longer_than_its_lease_writes_nothing_and_no_job_is_lost()
    {
        await using var shop = await FaultShop.OpenAsync(2, await PostgresCluster.CreateDatabaseAsync());
        using var gateway = new HeldGateway((path, waited) => Answer(shop, path, waited));
        shop.Settings["Gateways__WeChatPayV3__BaseUrl"] = gateway.Address.AbsoluteUri;
        await using var paused = await shop.StartAsync();
        await MakeDueAsync(shop, 0);
        await gateway.AskedAsync();
        paused.Signal("STOP");
        // As if three times its lease had passed.
        await shop.EndLeasesAsync();

        await using (var other = await shop.StartAsync())
        {
            await UntilPaidAsync(shop, 0);
            gateway.LetGo();
            paused.Signal("CONT");
            other.Terminate();
            Assert.Equal(0, await other.WaitForExitAsync(Patience.Limit));
        }

        // The paused one takes the job over in its turn; before that it has been through with what it had begun.
        await MakeDueAsync(shop, 1);
        await shop.EndLeasesAsync();
        await UntilPaidAsync(shop, 1);
        await using var db = shop.Read();
        var first = await db.Attempts.SingleAsync(row => row.OutTradeNo == shop.Orders[0].OutTradeNo);
        Assert.Equal((NotificationKind.PaymentSucceeded, 1), (first.QuerySaid, first.QueriesMade));
        Assert.Equal(3, await db.Leases.Where(row => row.Name == JanitorLease.Name).Select(row => row.Epoch).SingleAsync());
        await shop.AssertSoundAsync();
    }

    [Fact]
    public async Task An_instance_that_stops_inside_a_transaction_does_not_keep_its_locks()
    {
        await using var portal = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql);

        var limit = await portal.ReadAsync(db => db.Database.SqlQueryRaw<string>("SELECT current_setting('idle_in_transaction_session_timeout') AS \"Value\"").SingleAsync());

        Assert.Equal("20s", limit);
    }

    /// <summary>Whoever had to wait hears how things stood before.</summary>
    private static SignedNotification Answer(FaultShop shop, string path, bool waited)
    {
        var (number, amount) = shop.Orders.First(order => path.Contains(order.OutTradeNo, StringComparison.Ordinal));
        return shop.Platform.Trade(number, $"4200-{number}", amount, waited ? "CLOSED" : "SUCCESS", TimeProvider.System.GetUtcNow());
    }

    private static async Task MakeDueAsync(FaultShop shop, int order)
    {
        await using var db = shop.Read();
        var (number, now) = (shop.Orders[order].OutTradeNo, TimeProvider.System.GetUtcNow());
        await db.Attempts.Where(row => row.OutTradeNo == number).ExecuteUpdateAsync(set => set.SetProperty(row => row.QueryAt, now));
    }

    /// <summary>By the job, which has planned what comes next as well.</summary>
    private static Task UntilPaidAsync(FaultShop shop, int order)
    {
        var number = shop.Orders[order].OutTradeNo;
        return shop.UntilAsync((db, ct) => db.Attempts.AnyAsync(
            row => row.OutTradeNo == number && row.QueriesMade > 0 && db.Orders.Any(paid => paid.Id == row.OrderId && paid.Status == OrderStatus.Paid), ct));
    }
}
