using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>Money given back in the merchant's console at the gateway, and the message that the portal gets of it.</summary>
public sealed class SandboxRefundTests
{
    public static TheoryData<string, PaymentMethod> Channels => new() { { "wechat-v3", PaymentMethod.Native }, { "alipay", PaymentMethod.Page } };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_part_and_the_rest_are_booked_as_they_are_told(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);

        await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 2840, out_refund_no = "RF-1" });
        var order = await shop.OrderAsync(trade);
        Assert.Equal((OrderStatus.PartiallyRefunded, 2840), (order.Status, order.RefundedAmount));

        await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, fault = "duplicate:3" });
        Assert.Equal(OrderStatus.Refunded, (await shop.OrderAsync(trade)).Status);
        Assert.Equal(2, (await shop.CallbacksAsync()).Count(callback => callback == (CallbackStatus.Applied, DecisionReasons.Refunded)));

        Assert.IsType<QueryOutcome.Answered>(await shop.QueryAsync(trade));
        Assert.Equal(OrderStatus.Refunded, (await shop.OrderAsync(trade)).Status);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native, "tamper")]
    [InlineData("wechat-v3", PaymentMethod.Native, "wrong_key")]
    [InlineData("wechat-v3", PaymentMethod.Native, "wrong_amount")]
    [InlineData("alipay", PaymentMethod.Page, "tamper")]
    [InlineData("alipay", PaymentMethod.Page, "wrong_key")]
    [InlineData("alipay", PaymentMethod.Page, "wrong_amount")]
    public async Task A_false_message_books_nothing_and_a_clean_one_does(string channel, PaymentMethod method, string fault)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);

        await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 1, fault });
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);

        await shop.ControlAsync("send-again", new { out_trade_no = trade.Attempt.OutTradeNo });
        Assert.Equal((OrderStatus.PartiallyRefunded, 1), ((await shop.OrderAsync(trade)).Status, (await shop.OrderAsync(trade)).RefundedAmount));
    }

    [Theory]
    [InlineData(null, null, "not_paid")]
    [InlineData(0L, null, "amount_not_refundable")]
    [InlineData(SandboxShop.Price + 1, null, "amount_not_refundable")]
    [InlineData(null, "pay_twice", "fault_not_applicable")]
    [InlineData(null, "nonsense", "invalid_request")]
    public async Task What_cannot_be_given_back_is_refused(long? amount, string? fault, string result)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);
        if (result != "not_paid")
        {
            await shop.PayAsync(trade);
        }

        var answer = await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount, fault });

        Assert.Equal(result, (string?)answer["result"]);
        Assert.DoesNotContain(await shop.CallbacksAsync(), callback => callback.Reason == DecisionReasons.Refunded);
    }

    [Fact]
    public async Task The_panels_form_gives_back_what_was_typed_and_nothing_that_cannot_be_read()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);
        await shop.PayAsync(trade);
        var code = trade.Wallet.Segments[^1];
        using var panel = new PortalClient(shop.Portal.Address);

        Assert.Contains($"/sandbox/trades/{code}/refund", await panel.ReadAsync("/sandbox"), StringComparison.Ordinal);
        (await panel.PostAsync($"/sandbox/trades/{code}/refund", new() { ["amount"] = "1,5", ["fault"] = "none" })).Dispose();
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
        (await panel.PostAsync($"/sandbox/trades/{code}/refund", new() { ["amount"] = "1.5", ["fault"] = "none" })).Dispose();
        Assert.Equal(150, (await shop.OrderAsync(trade)).RefundedAmount);
        (await panel.PostAsync($"/sandbox/trades/{code}/refund", new() { ["amount"] = "", ["fault"] = "none" })).Dispose();
        Assert.Equal(OrderStatus.Refunded, (await shop.OrderAsync(trade)).Status);
        Assert.DoesNotContain($"/sandbox/trades/{code}/refund", await panel.ReadAsync("/sandbox"), StringComparison.Ordinal);
    }
}
