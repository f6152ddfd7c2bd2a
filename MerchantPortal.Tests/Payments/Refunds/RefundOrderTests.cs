using MerchantPortal.Accounts;
using MerchantPortal.Cases;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Refunds;

/// <summary>
/// Alipay tells of each refund how much has been given back so far. Refunds of ours and of Alipay's own console take turns on one payment, and
/// their messages come in another order than they were made.
/// </summary>
public sealed class RefundOrderTests
{
    /// <summary>分. Ours are the second and the fourth.</summary>
    private static readonly long[] Amounts = [20, 30, 10, 40];

    [Fact]
    public async Task In_whatever_order_sums_are_told_each_refund_is_booked_with_its_own_amount()
    {
        await using var shop = await SandboxShop.OpenAsync();
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            var trade = await shop.StartAsync("alipay", PaymentMethod.Page);
            await shop.PayAsync(trade);
            await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = Amounts[0], fault = "lose" });
            await OursAsync(shop, trade, Amounts[1]);
            await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = Amounts[2], fault = "lose" });
            await OursAsync(shop, trade, Amounts[3]);

            var messages = await MessagesAsync(shop, trade);
            foreach (var message in order)
            {
                await shop.Portal.Get<SendDelivery>().ExecuteAsync(messages[message], CancellationToken.None);
            }

            var booked = await shop.Portal.ReadAsync(db => db.Refunds.Where(row => row.OrderId == trade.Order.Id && row.Status == RefundStatus.Succeeded)
                .OrderBy(row => row.Amount).Select(row => row.Amount).ToListAsync());
            Assert.True(booked.SequenceEqual(Amounts.Order()), $"{string.Join(',', order)}: {string.Join(' ', booked)}");
            Assert.Equal(Amounts.Sum(), (await shop.OrderAsync(trade)).RefundedAmount);
        }

        Assert.DoesNotContain(await shop.CallbacksAsync(), callback => callback.Status is not (CallbackStatus.Applied or CallbackStatus.Duplicate));
        Assert.False(await shop.Portal.ReadAsync(db => db.Cases.AnyAsync(row => row.Status == CaseStatus.Open)));
        await shop.Portal.AssertInvariantsAsync();
    }

    private static async Task OursAsync(SandboxShop shop, OpenTrade trade, long amount)
    {
        await shop.ControlAsync("faults", new { next_refund = "lose" });
        Assert.IsType<RefundPaymentResult.Taken>(await shop.Portal.Get<RefundPayment>().ExecuteAsync(
            new MerchantPortal.Payments.Refunds.RefundWish(trade.Order.Id, null, amount, RefundReason.Defective, ""), Actor.System(trade.Order.StoreId), CancellationToken.None));
    }

    private static async Task<List<Guid>> MessagesAsync(SandboxShop shop, OpenTrade trade)
    {
        await using var db = shop.Portal.Get<SandboxWriter>().CreateDbContext();
        return await db.Deliveries.Where(row => row.Trade.OutTradeNo == trade.Attempt.OutTradeNo && row.Event == DeliveryEvent.Refunded)
            .OrderBy(row => row.Id).Select(row => row.Id).ToListAsync();
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
