using System.Globalization;
using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>
/// Two instances on PostgreSQL that finish refunds, of which one is stopped in the middle of a call, for longer than its lease lasts.
/// </summary>
public sealed class PausedRefundTests
{
    private const string RefundNo = "RF2026112200000001";
    private const long Amount = 40;

    /// <summary>What the paused one hears when it goes on; nobody else ever does.</summary>
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_refund_of_an_instance_that_was_paused_is_followed_by_the_other_and_the_paused_one_writes_nothing()
    {
        await using var shop = await FaultShop.OpenAsync(1, await PostgresCluster.CreateDatabaseAsync());
        (string Status, DateTimeOffset? At) told = ("PROCESSING", null);
        using var gateway = new HeldGateway((_, _) => Answer(shop, told.Status, told.At ?? TimeProvider.System.GetUtcNow()));
        shop.Settings["Gateways__WeChatPayV3__BaseUrl"] = gateway.Address.AbsoluteUri;
        await using var paused = await shop.StartAsync();
        Assert.NotNull(await shop.SendAsync(paused.Address, 0));
        await AddDueRefundAsync(shop);
        await gateway.AskedAsync();
        paused.Signal("STOP");
        // As if three times its lease had passed.
        await shop.EndLeasesAsync();
        await MakeDueAsync(shop);

        await using (var other = await shop.StartAsync())
        {
            await UntilAsync(shop, RefundStatus.Processing);
            // From here on only the paused one hears anything, be it that its call has timed out and is made again.
            told = ("SUCCESS", LongAgo);
            gateway.LetGo();
            paused.Signal("CONT");
            other.Terminate();
            Assert.Equal(0, await other.WaitForExitAsync(Patience.Limit));
        }

        // The paused one takes the job over in its turn; before that it has been through with what it had begun.
        told = ("SUCCESS", null);
        await shop.EndLeasesAsync();
        await MakeDueAsync(shop);
        await UntilAsync(shop, RefundStatus.Succeeded);
        await AssertGivenBackOnceAsync(shop);
    }

    private static SignedNotification Answer(FaultShop shop, string status, DateTimeOffset successTime) => shop.Platform.Sign(
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            refund_id = "50300000000001",
            out_refund_no = RefundNo,
            transaction_id = FaultShop.TransactionOf(0),
            out_trade_no = shop.Orders[0].OutTradeNo,
            status,
            success_time = successTime.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            amount = new { total = shop.Orders[0].Amount, refund = Amount, currency = "CNY" },
        }),
        TimeProvider.System.GetUtcNow());

    private static async Task AddDueRefundAsync(FaultShop shop)
    {
        await using var db = shop.Read();
        var (payment, now) = (await db.Payments.SingleAsync(), TimeProvider.System.GetUtcNow());
        payment.RefundReserved = Amount;
        db.Refunds.Add(new Refund
        {
            StoreId = payment.StoreId,
            OrderId = payment.OrderId,
            AttemptId = payment.AttemptId,
            ChannelAccountId = payment.ChannelAccountId,
            PaymentId = payment.Id,
            RefundNo = RefundNo,
            Amount = Amount,
            RequestedBy = "staff",
            CreatedAt = now,
            NextTryAt = now,
            // The other one makes the last try before a person is told: where the paused one's call has timed out, a case would tell of its write.
            Tries = RefundSchedule.TriesUntilCase - 2,
        });
        await db.SaveChangesAsync();
    }

    private static async Task MakeDueAsync(FaultShop shop)
    {
        await using var db = shop.Read();
        var now = TimeProvider.System.GetUtcNow();
        await db.Refunds.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextTryAt, now));
    }

    private static Task UntilAsync(FaultShop shop, RefundStatus status) => shop.UntilAsync((db, ct) => db.Refunds.AnyAsync(row => row.Status == status, ct));

    private static async Task AssertGivenBackOnceAsync(FaultShop shop)
    {
        await using var db = shop.Read();
        var (refund, order) = (await db.Refunds.SingleAsync(), await db.Orders.SingleAsync());
        Assert.Equal((RefundSchedule.TriesUntilCase + 1, null), (refund.Tries, refund.NextTryAt));
        Assert.False(await db.Cases.AnyAsync());
        Assert.NotEqual(LongAgo, refund.SettledAt);
        Assert.Equal((OrderStatus.PartiallyRefunded, Amount), (order.Status, order.RefundedAmount));
        Assert.Equal(Amount, await db.LedgerEntries.Where(row => row.Movement == LedgerMovement.Refund).SumAsync(row => row.Debit));
        Assert.Equal(3, await db.Leases.Where(row => row.Name == RefundJob.LeaseName).Select(row => row.Epoch).SingleAsync());
        await shop.AssertSoundAsync();
    }
}
