using System.Net;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>BeeCloud from the order to the money, and everything that can go wrong between, through the production channel over HTTP.</summary>
public sealed class BeeCloudFlowTests
{
    private const string BeeCloud = "beecloud";

    [Theory]
    [InlineData(PaymentMethod.Native)]
    [InlineData(PaymentMethod.Page)]
    [InlineData(PaymentMethod.Wap)]
    public async Task A_payment_in_the_wallet_pays_the_order(PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(BeeCloud, method);

        await shop.PayAsync(trade);

        await AssertPaidAsync(shop, trade);
    }

    [Fact]
    public async Task A_click_on_the_button_leads_to_a_payment_that_pays_the_order()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await ClickAsync(shop);

        var back = await shop.PayAsync(trade);

        Assert.Equal($"/pay/{trade.Order.CheckoutToken}/return", back.AbsolutePath);
        await AssertPaidAsync(shop, trade);
    }

    [Fact]
    public async Task A_buyer_who_moves_digits_from_the_amount_to_the_title_pays_less_and_gets_nothing()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await ClickAsync(shop, parameters =>
        {
            parameters["title"] += parameters["amount"]?[..1];
            parameters["amount"] = parameters["amount"]?[1..];
        });

        await shop.PayAsync(trade);

        Assert.Equal([(CallbackStatus.Quarantined, DecisionReasons.AmountMismatch)], await shop.CallbacksAsync());
        Assert.Equal((OrderStatus.Pending, OrderFlags.NeedsReview), ((await shop.OrderAsync(trade)).Status, (await shop.OrderAsync(trade)).Flags));
    }

    [Theory]
    [InlineData("late", HttpStatusCode.OK)]
    [InlineData("never", HttpStatusCode.GatewayTimeout)]
    public async Task The_buttons_script_can_be_late_or_never_come(string fault, HttpStatusCode status)
    {
        var clock = new MerchantPortal.Tests.Support.FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var wait = fault == "late" ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(2);
        await shop.ControlAsync("faults", new { next_script = fault });

        var set = clock.WhenTimerIsSetAsync(wait);
        var fetching = shop.Http.GetAsync("sandbox/beecloud/1/pay/jsbutton/returnscripts?appId=x");
        await set;
        Assert.False(fetching.IsCompleted);
        clock.Advance(wait);

        using var script = await fetching;
        Assert.Equal(status, script.StatusCode);
        using var again = await shop.Http.GetAsync("sandbox/beecloud/1/pay/jsbutton/returnscripts?appId=x");
        Assert.Contains("window.BC", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tamper", RejectionReasons.SignatureInvalid)]
    [InlineData("wrong_key", RejectionReasons.SignatureInvalid)]
    [InlineData("wrong_amount", RejectionReasons.NotConfirmed)]
    public async Task A_faulty_message_moves_no_money_and_a_clean_one_does(string fault, string reason)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(BeeCloud);

        await shop.PayAsync(trade, fault);

        Assert.Equal((CallbackStatus.Rejected, reason), (await shop.CallbacksAsync())[0]);
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
        await shop.ControlAsync("send-again", new { out_trade_no = trade.Attempt.OutTradeNo });
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Fact]
    public async Task Copies_count_once_and_two_payments_of_one_bill_are_flagged()
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.PayAsync(await shop.StartAsync(BeeCloud), "duplicate:6");
        var callbacks = await shop.CallbacksAsync();
        Assert.Equal((1, 5), (callbacks.Count(row => row.Status == CallbackStatus.Applied), callbacks.Count(row => row.Status == CallbackStatus.Duplicate)));

        var twice = await shop.StartAsync(BeeCloud, PaymentMethod.Page);
        await shop.PayAsync(twice, "pay_twice");

        Assert.Equal((OrderStatus.Paid, OrderFlags.DuplicateMoney), ((await shop.OrderAsync(twice)).Status, (await shop.OrderAsync(twice)).Flags));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_replay_finds_everything_booked()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(BeeCloud);
        await shop.PayAsync(trade);
        var entry = await shop.Portal.ReadAsync(db => db.Inbox.SingleAsync());
        var staff = new Actor(trade.Order.StoreId, ActorKind.Person, "1", "Li Wei");

        var replayed = await shop.Portal.Get<ReplayNotification>().ExecuteAsync(entry.Id, dryRun: false, "checked by hand", staff, CancellationToken.None);

        Assert.Equal((CallbackStatus.Duplicate, 0), (replayed?.Outcome, replayed?.Changes.Count));
        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task A_query_finds_the_payment_whose_message_was_lost()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(BeeCloud);

        await shop.PayAsync(trade, "lose");

        Assert.IsType<QueryOutcome.Answered>(await shop.QueryAsync(trade));
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
    }

    [Fact]
    public async Task An_open_bill_is_not_closed_on_a_guess()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(BeeCloud);

        Assert.IsType<CloseOrderResult.CannotTell>(await shop.CloseAsync(trade));
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
    }

    /// <summary>Does what the page and the script do: takes the prompt, opens the cashier.</summary>
    private static async Task<OpenTrade> ClickAsync(SandboxShop shop, Action<Dictionary<string, string?>>? change = null)
    {
        var order = await shop.PlaceOrderAsync();
        var started = Assert.IsType<StartPaymentResult.Started>(await shop.TryStartAsync(order, BeeCloud, PaymentMethod.Button));
        var prompt = JsonSerializer.Deserialize<PaymentPrompt>(started.Attempt.PromptJson ?? "") ?? throw new InvalidOperationException("No prompt.");
        var script = await shop.Http.GetStringAsync(new Uri(prompt.Url ?? ""));
        Assert.Contains("beecloud:onready", script, StringComparison.Ordinal);
        var parameters = (prompt.Params ?? new Dictionary<string, string>()).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        change?.Invoke(parameters);
        parameters["appId"] = QueryHelpers.ParseQuery(new Uri(prompt.Url ?? "").Query)["appId"].ToString();
        using var opened = await shop.Http.GetAsync(QueryHelpers.AddQueryString("sandbox/beecloud/1/pay/jsbutton/open", parameters));
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        return new OpenTrade(order, started.Attempt, new Uri(shop.Portal.Address, opened.Headers.Location ?? shop.Portal.Address));
    }

    private static async Task AssertPaidAsync(SandboxShop shop, OpenTrade trade)
    {
        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Paid)], await shop.CallbacksAsync());
        var order = await shop.OrderAsync(trade);
        Assert.Equal((OrderStatus.Paid, OrderFlags.None, SandboxShop.Price), (order.Status, order.Flags, order.PaidAmount));
        Assert.NotNull((await shop.Portal.ReadAsync(db => db.Inbox.SingleAsync())).ConfirmedAt);
        await shop.Portal.AssertInvariantsAsync();
    }
}
