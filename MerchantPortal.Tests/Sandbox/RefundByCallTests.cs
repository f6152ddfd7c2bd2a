using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Refunds;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>Refunds by the portal's own call: the real channels on one side, the sandbox with its faults on the other, HTTP between.</summary>
public sealed class RefundByCallTests
{
    public static TheoryData<string, PaymentMethod> Channels => new()
    {
        { "wechat-v3", PaymentMethod.Native }, { "wechat-v2", PaymentMethod.Native }, { "alipay", PaymentMethod.Page }, { "beecloud", PaymentMethod.Native },
    };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_refund_goes_through_and_ends(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, method);

        await RefundAsync(shop, trade, 2_840);
        var refund = await EndAsync(shop, trade);

        Assert.Equal(RefundStatus.Succeeded, refund.Status);
        Assert.Equal((OrderStatus.PartiallyRefunded, 2_840), ((await shop.OrderAsync(trade)).Status, (await shop.OrderAsync(trade)).RefundedAmount));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_time_out_after_accepting_makes_one_refund(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, method);
        await shop.ControlAsync("faults", new { next_refund = "time_out" });

        var asked = await RefundAsync(shop, trade, 100);
        var refund = await EndAsync(shop, trade);

        Assert.Contains(asked.Status, new[] { RefundStatus.Requested, RefundStatus.Processing, RefundStatus.Succeeded });
        Assert.Equal((RefundStatus.Succeeded, asked.RefundNo), (refund.Status, refund.RefundNo));
        Assert.Equal(100, (await shop.OrderAsync(trade)).RefundedAmount);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_refusal_frees_the_money(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, method);
        await shop.ControlAsync("faults", new { next_refund = "refuse" });

        var refund = await RefundAsync(shop, trade, 100);

        Assert.Equal(RefundStatus.Failed, refund.Status);
        Assert.Equal(0, await shop.Portal.ReadAsync(db => db.Payments.Select(row => row.RefundReserved).SingleAsync()));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native)]
    [InlineData("wechat-v2", PaymentMethod.Native)]
    [InlineData("alipay", PaymentMethod.Page)]
    public async Task A_balance_that_is_too_small_is_waited_for(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, method);
        await shop.ControlAsync("faults", new { next_refund = "not_enough" });

        var refund = await RefundAsync(shop, trade, 100);
        Assert.Equal((RefundStatus.Requested, RefundFailures.BalanceTooSmall), (refund.Status, refund.FailureCode));

        Assert.Equal(RefundStatus.Succeeded, (await EndAsync(shop, trade)).Status);
    }

    [Theory]
    [InlineData("wechat-v3", "abnormal", RefundStatus.Abnormal)]
    [InlineData("wechat-v3", "closed", RefundStatus.Closed)]
    [InlineData("wechat-v3", "lose", RefundStatus.Succeeded)]
    [InlineData("wechat-v2", "abnormal", RefundStatus.Abnormal)]
    [InlineData("wechat-v2", "closed", RefundStatus.Closed)]
    [InlineData("beecloud", "closed", RefundStatus.Closed)]
    public async Task What_becomes_of_a_refund_is_learnt(string channel, string fault, RefundStatus end)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, PaymentMethod.Native);
        await shop.ControlAsync("faults", new { next_refund = fault });

        await RefundAsync(shop, trade, 100);

        Assert.Equal(end, (await EndAsync(shop, trade)).Status);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("alipay-mapi", PaymentMethod.Page, RefundFailures.PasswordNeeded)]
    [InlineData("beecloud", PaymentMethod.Page, RefundFailures.PasswordNeeded)]
    public async Task A_channel_that_cannot_says_why(string channel, PaymentMethod method, string obstacle)
    {
        await using var shop = await OpenAsync();
        var trade = await PaidAsync(shop, channel, method);

        Assert.Equal(obstacle, Assert.IsType<RefundPaymentResult.Refused>(await TryAsync(shop, trade, 100)).Code);
    }

    private static async Task<SandboxShop> OpenAsync()
    {
        var shop = await SandboxShop.OpenAsync();
        await shop.AddAccountAsync("wechat-v2");
        return shop;
    }

    private static async Task<OpenTrade> PaidAsync(SandboxShop shop, string channel, PaymentMethod method)
    {
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);
        return trade;
    }

    private static Task<RefundPaymentResult> TryAsync(SandboxShop shop, OpenTrade trade, long amount) => shop.Portal.Get<RefundPayment>().ExecuteAsync(
        new RefundWish(trade.Order.Id, null, amount, RefundReason.Defective, "茶具破损"), Actor.System(trade.Order.StoreId), CancellationToken.None);

    private static async Task<Refund> RefundAsync(SandboxShop shop, OpenTrade trade, long amount) =>
        Assert.IsType<RefundPaymentResult.Taken>(await TryAsync(shop, trade, amount)).Refund;

    /// <summary>Asks, as a person would who presses the button, until the gateway has said how it ended.</summary>
    private static async Task<Refund> EndAsync(SandboxShop shop, OpenTrade trade)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40), TimeProvider.System);
        while (true)
        {
            var refund = await shop.Portal.ReadAsync(db => db.Refunds.AsNoTracking().SingleAsync(row => row.OrderId == trade.Order.Id));
            if (refund.Status is not (RefundStatus.Requested or RefundStatus.Processing))
            {
                return refund;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, patience.Token);
            await shop.Portal.Get<SettleRefund>().ExecuteAsync(refund.Id, Actor.System(trade.Order.StoreId), new SettleWish(Early: true), patience.Token);
        }
    }
}
