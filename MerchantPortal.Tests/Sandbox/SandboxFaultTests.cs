using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>Each fault, and what the portal makes of it.</summary>
public sealed class SandboxFaultTests
{
    private const string WeChat = "wechat-v3";
    private const string Alipay = "alipay";
    private const string Mapi = "alipay-mapi";

    [Theory]
    [InlineData(WeChat, "tamper", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(WeChat, "wrong_key", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(WeChat, "unknown_serial", CallbackStatus.Rejected, RejectionReasons.UnknownKey)]
    [InlineData(WeChat, "old_timestamp", CallbackStatus.Rejected, RejectionReasons.Stale)]
    [InlineData(WeChat, "wrong_amount", CallbackStatus.Quarantined, DecisionReasons.AmountMismatch)]
    [InlineData(Alipay, "tamper", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(Alipay, "wrong_key", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(Alipay, "wrong_amount", CallbackStatus.Quarantined, DecisionReasons.AmountMismatch)]
    [InlineData(Mapi, "tamper", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(Mapi, "wrong_key", CallbackStatus.Rejected, RejectionReasons.SignatureInvalid)]
    [InlineData(Mapi, "wrong_amount", CallbackStatus.Quarantined, DecisionReasons.AmountMismatch)]
    public async Task A_faulty_message_moves_no_money_and_a_clean_one_does(string channel, string fault, CallbackStatus status, string reason)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, MethodOf(channel));

        await shop.PayAsync(trade, fault);

        Assert.Equal((status, reason), (await shop.CallbacksAsync())[0]);
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);

        await shop.ControlAsync("send-again", new { out_trade_no = trade.Attempt.OutTradeNo });
        Assert.Contains((CallbackStatus.Applied, DecisionReasons.Paid), await shop.CallbacksAsync());
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Theory]
    [InlineData(WeChat)]
    [InlineData(Alipay)]
    [InlineData(Mapi)]
    public async Task Copies_at_the_same_moment_count_once(string channel)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, MethodOf(channel));

        await shop.PayAsync(trade, "duplicate:8");

        var callbacks = await shop.CallbacksAsync();
        Assert.Equal(8, callbacks.Count);
        Assert.Single(callbacks, callback => callback == (CallbackStatus.Applied, DecisionReasons.Paid));
        Assert.Equal(7, callbacks.Count(callback => callback == (CallbackStatus.Duplicate, DecisionReasons.AlreadyApplied)));
        Assert.Equal(SandboxShop.Price, await shop.Portal.ReadAsync(db => db.Payments.SumAsync(row => row.Amount)));
    }

    [Theory]
    [InlineData(WeChat)]
    [InlineData(Alipay)]
    [InlineData(Mapi)]
    public async Task Two_transactions_for_one_trade_are_duplicate_money(string channel)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, MethodOf(channel));

        await shop.PayAsync(trade, "pay_twice");

        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid), (CallbackStatus.Applied, DecisionReasons.DuplicateMoney)], await shop.CallbacksAsync());
        var order = await shop.OrderAsync(trade);
        Assert.Equal((OrderStatus.Paid, OrderFlags.DuplicateMoney, SandboxShop.Price), (order.Status, order.Flags, order.PaidAmount));
    }

    [Theory]
    [InlineData(WeChat)]
    [InlineData(Alipay)]
    [InlineData(Mapi)]
    public async Task Money_after_closing_is_paid_late(string channel)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, MethodOf(channel));
        Assert.IsType<CloseOrderResult.Closed>(await shop.CloseAsync(trade));

        await shop.PayAsync(trade, "pay_after_expiry");

        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.PaidLate)], await shop.CallbacksAsync());
        var order = await shop.OrderAsync(trade);
        Assert.Equal((OrderStatus.Paid, OrderFlags.PaidLate), (order.Status, order.Flags));
    }

    [Fact]
    public async Task The_wallet_takes_no_money_after_the_last_moment_unless_told_to()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var trade = await shop.StartAsync(expiresIn: TimeSpan.FromMinutes(5));
        clock.Advance(TimeSpan.FromMinutes(6));

        await shop.PayAsync(trade);
        Assert.Empty(await shop.CallbacksAsync());

        await shop.PayAsync(trade, "pay_after_expiry");
        Assert.Equal(CallbackStatus.Applied, Assert.Single(await shop.CallbacksAsync()).Status);
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Fact]
    public async Task A_delayed_message_comes_when_its_time_has_come()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var trade = await shop.StartAsync();

        await shop.PayAsync(trade, "delay:30");
        Assert.Empty(await shop.CallbacksAsync());

        clock.Advance(TimeSpan.FromSeconds(30));
        await shop.QuietAsync();
        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());
    }

    [Fact]
    public async Task A_reordered_message_comes_after_the_next_trades()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var first = await shop.StartAsync();
        var second = await shop.StartAsync();

        await shop.PayAsync(first, "reorder");
        Assert.Empty(await shop.CallbacksAsync());
        await shop.PayAsync(second);

        var numbers = await shop.Portal.ReadAsync(db => db.Inbox.OrderBy(row => row.Id).Select(row => row.OutTradeNo).ToListAsync());
        Assert.Equal([second.Attempt.OutTradeNo, first.Attempt.OutTradeNo], numbers);
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(first)).Status);
    }

    [Theory]
    [InlineData(Alipay)]
    [InlineData(Mapi)]
    public async Task Closed_before_paid_still_ends_in_paid(string channel)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, PaymentMethod.Page);

        await shop.PayAsync(trade, "closed_first");

        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.AttemptClosed), (CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Fact]
    public async Task A_refused_message_is_tried_again_on_the_schedule_with_the_other_key()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var trade = await shop.StartAsync();
        await shop.PayAsync(trade, "wrong_key");

        clock.Advance(TimeSpan.FromSeconds(2));
        await shop.QuietAsync();

        Assert.Equal(2, (await shop.CallbacksAsync()).Count);
        var serials = await shop.Portal.ReadAsync(db => db.RejectedCaptures.Select(row => row.HeadersJson).ToListAsync());
        Assert.Single(serials, headers => headers.ToString().Contains("PUB_KEY_ID_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_armed_for_the_next_payment_strikes_once()
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.ControlAsync("faults", new { next_payment = "lose" });

        await shop.PayAsync(await shop.StartAsync());
        Assert.Empty(await shop.CallbacksAsync());
        await shop.PayAsync(await shop.StartAsync());
        Assert.Single(await shop.CallbacksAsync());
    }

    [Fact]
    public async Task A_fault_that_the_channel_cannot_have_is_refused_before_money_moves()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(Alipay, PaymentMethod.Page);

        var answer = await shop.ControlAsync("pay", new { out_trade_no = trade.Attempt.OutTradeNo, fault = "old_timestamp" });

        Assert.Equal("fault_not_applicable", answer["result"]?.GetValue<string>());
        Assert.Equal("waiting", answer["trade"]?["state"]?.GetValue<string>());
    }

    [Fact]
    public async Task Paying_by_script_answers_with_what_the_portal_answered()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync();

        var answer = await shop.ControlAsync("pay", new { out_trade_no = trade.Attempt.OutTradeNo });

        var delivery = answer["trade"]?["deliveries"]?[0];
        Assert.Equal(("paid", "delivered", 200), (answer["result"]?.GetValue<string>(), delivery?["state"]?.GetValue<string>(), delivery?["attempts"]?[0]?["status_code"]?.GetValue<int>()));
    }

    private static PaymentMethod MethodOf(string channel) => channel == WeChat ? PaymentMethod.Native : PaymentMethod.Page;
}
