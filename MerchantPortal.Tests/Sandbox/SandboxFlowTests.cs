using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>Create → wallet → notification → paid, through the production channels over real HTTP.</summary>
public sealed class SandboxFlowTests
{
    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native)]
    [InlineData("wechat-v3", PaymentMethod.H5)]
    [InlineData("wechat-v3", PaymentMethod.Jsapi)]
    [InlineData("wechat-v3", PaymentMethod.App)]
    [InlineData("alipay", PaymentMethod.Page)]
    [InlineData("alipay", PaymentMethod.Wap)]
    [InlineData("alipay", PaymentMethod.Precreate)]
    [InlineData("alipay", PaymentMethod.App)]
    public async Task A_payment_in_the_wallet_pays_the_order(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);

        await shop.PayAsync(trade);

        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());
        var order = await shop.OrderAsync(trade);
        Assert.Equal((OrderStatus.Paid, OrderFlags.None, SandboxShop.Price), (order.Status, order.Flags, order.PaidAmount));
        var payment = await shop.Portal.ReadAsync(db => db.Payments.SingleAsync());
        Assert.Equal((SandboxShop.Price, 28), (payment.Amount, payment.ChannelTransactionId.Length));
    }

    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native)]
    [InlineData("wechat-v3", PaymentMethod.H5)]
    [InlineData("wechat-v3", PaymentMethod.Jsapi)]
    [InlineData("wechat-v2", PaymentMethod.Native)]
    [InlineData("wechat-v2", PaymentMethod.H5)]
    public async Task A_prompt_past_its_time_is_asked_for_again_under_the_same_number_and_pays_the_order(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        if (channel == "wechat-v2")
        {
            await shop.AddAccountAsync(channel);
        }

        var old = await shop.StartAsync(channel, method);
        var stale = (old.Attempt.ReadPrompt() ?? throw new InvalidOperationException("No prompt.")) with { GoodUntil = TimeProvider.System.GetUtcNow() };
        await shop.Portal.WriteAsync(db => db.Attempts.Single(row => row.Id == old.Attempt.Id).PromptJson = JsonSerializer.Serialize(stale));

        var fresh = await shop.StartAsync(channel, method, of: old.Order);
        await shop.PayAsync(fresh);

        Assert.Equal((old.Attempt.Id, old.Attempt.OutTradeNo), (fresh.Attempt.Id, fresh.Attempt.OutTradeNo));
        Assert.True(fresh.Attempt.ReadPrompt()?.GoodUntil > stale.GoodUntil);
        Assert.Equal((OrderStatus.Paid, 1), ((await shop.OrderAsync(fresh)).Status, await shop.Portal.ReadAsync(db => db.Attempts.CountAsync())));
    }

    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native)]
    [InlineData("alipay", PaymentMethod.Page)]
    public async Task A_query_finds_the_payment_whose_notification_was_lost(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);

        await shop.PayAsync(trade, "lose");
        Assert.Empty(await shop.CallbacksAsync());
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);

        Assert.IsType<QueryOutcome.Answered>(await shop.QueryAsync(trade));
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Theory]
    [InlineData("wechat-v3", PaymentMethod.Native)]
    [InlineData("alipay", PaymentMethod.Page)]
    [InlineData("alipay", PaymentMethod.Precreate)]
    public async Task Closing_the_order_closes_the_trade_and_the_wallet_takes_no_money(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);

        Assert.IsType<CloseOrderResult.Closed>(await shop.CloseAsync(trade));
        await shop.PayAsync(trade);

        Assert.Empty(await shop.CallbacksAsync());
        Assert.Equal(OrderStatus.Closed, (await shop.OrderAsync(trade)).Status);
    }

    [Theory]
    [InlineData(PaymentMethod.Page)]
    [InlineData(PaymentMethod.Precreate)]
    [InlineData(PaymentMethod.App)]
    public async Task A_merchant_in_certificate_mode_is_paid_asked_about_and_closed(PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.AddAccountAsync("alipay", "certificate");
        var trade = await shop.StartAsync("alipay", method);
        await shop.PayAsync(trade);
        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());

        var lost = await shop.StartAsync("alipay", method);
        await shop.PayAsync(lost, "lose");
        Assert.IsType<QueryOutcome.Answered>(await shop.QueryAsync(lost));
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(lost)).Status);
        Assert.IsType<CloseOrderResult.Closed>(await shop.CloseAsync(await shop.StartAsync("alipay", method)));
    }

    [Fact]
    public async Task A_merchant_in_certificate_mode_believes_no_bare_key()
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.AddAccountAsync("alipay", "certificate");
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);

        await shop.PayAsync(trade, "wrong_key");

        Assert.Equal((CallbackStatus.Rejected, RejectionReasons.SignatureInvalid), (await shop.CallbacksAsync())[0]);
        await shop.ControlAsync("faults", new { next_answer = "wrong_key" });
        Assert.IsType<QueryOutcome.CannotTell>(await shop.QueryAsync(trade));
    }

    [Fact]
    public async Task A_notification_in_gbk_pays_the_order()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);

        await shop.PayAsync(trade, "gbk");

        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());
    }

    [Theory]
    [InlineData("", "not_an_order_string")]
    [InlineData("method=alipay.trade.app.pay&app_id=1", "isv.invalid-app-id")]
    public async Task An_order_string_that_nobody_made_opens_nothing(string text, string problem)
    {
        await using var shop = await SandboxShop.OpenAsync();

        Assert.Equal(problem, (string?)(await shop.ControlAsync("app", new { order_string = text }))["result"]);
    }

    [Fact]
    public async Task Alipay_does_not_know_a_trade_before_the_buyer_arrives()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        var started = Assert.IsType<StartPaymentResult.Started>(await shop.TryStartAsync(order, "alipay", PaymentMethod.Precreate));

        var before = await shop.QueryAsync(new OpenTrade(order, started.Attempt, shop.Portal.Address));
        Assert.IsNotType<QueryOutcome.Answered>(before);
        var trade = await shop.StartAsync("alipay", PaymentMethod.Precreate, of: order);
        var after = Assert.IsType<QueryOutcome.Answered>(await shop.QueryAsync(trade));
        Assert.Equal(NotificationKind.PaymentPending, after.Said);
    }

    [Fact]
    public async Task The_cashier_sends_the_browser_back_with_a_signed_address()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync("alipay", PaymentMethod.Page);

        var back = await shop.PayAsync(trade);

        Assert.Equal($"/pay/{trade.Order.CheckoutToken}/return", back.AbsolutePath);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query);
        Assert.Equal(("128.40", trade.Attempt.OutTradeNo), (query["total_amount"].ToString(), query["out_trade_no"].ToString()));
        Assert.False(query.ContainsKey("trade_status"));
        Assert.NotEmpty(query["sign"].ToString());
    }

    [Theory]
    [InlineData("no_signature")]
    [InlineData("wrong_key")]
    public async Task The_portal_believes_no_answer_without_the_right_signature(string fault)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();

        await shop.ControlAsync("faults", new { next_answer = fault });
        Assert.IsType<StartPaymentResult.CannotTell>(await shop.TryStartAsync(order, "wechat-v3", PaymentMethod.Native));
        var wechat = await shop.StartAsync(of: order);
        Assert.Equal(AttemptStatus.Prompted, wechat.Attempt.Status);

        var alipay = await shop.StartAsync("alipay", PaymentMethod.Page);
        await shop.ControlAsync("faults", new { next_answer = fault });
        Assert.IsType<QueryOutcome.CannotTell>(await shop.QueryAsync(alipay));
    }

    [Fact]
    public async Task Trades_and_keys_outlive_a_restart()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}.db");
        string outTradeNo;
        string serial;
        await using (var shop = await SandboxShop.OpenAsync(portal => portal.WithOwnKeys().Set("ConnectionStrings:Sandbox", $"Data Source={file}")))
        {
            outTradeNo = (await shop.StartAsync()).Attempt.OutTradeNo;
            serial = await PublicKeyIdAsync(shop);
        }

        await using (var again = await SandboxShop.OpenAsync(portal => portal.WithOwnKeys().Set("ConnectionStrings:Sandbox", $"Data Source={file}")))
        {
            var paid = await again.ControlAsync("pay", new { out_trade_no = outTradeNo, fault = "lose" });
            Assert.Equal("paid", paid["result"]?.GetValue<string>());
            Assert.Equal(serial, await PublicKeyIdAsync(again));
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(file);
    }

    private static async Task<string> PublicKeyIdAsync(SandboxShop shop) =>
        (await shop.ControlAsync("merchants", new { channel = "wechat-v3" }))["platform_keys"]?[0]?["serial"]?.GetValue<string>() ?? "";
}
