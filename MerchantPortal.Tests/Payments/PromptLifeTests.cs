using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Checkout;

namespace MerchantPortal.Tests.Payments;

/// <summary>A prompt that is past its time is of no use to a payer: the same order gets a fresh one, under the same number.</summary>
public sealed class PromptLifeTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_prompt_is_handed_out_again_until_its_last_moment_and_fetched_anew_from_then_on()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        var first = await StartAsync(shop, order);

        shop.Clock?.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal(CodeOf(first), CodeOf(await StartAsync(shop, order)));
        shop.Clock?.Advance(TimeSpan.FromSeconds(1));
        var fresh = await StartAsync(shop, order);

        Assert.NotEqual(CodeOf(first), CodeOf(fresh));
        Assert.Equal((first.Id, first.OutTradeNo, AttemptStatus.Prompted), (fresh.Id, fresh.OutTradeNo, fresh.Status));
        Assert.Equal([$"create {first.OutTradeNo}", $"create {first.OutTradeNo}"], shop.Gateway.Calls);
        Assert.Equal(CodeOf(fresh), CodeOf(Assert.Single(await shop.AttemptsAsync(order))));
    }

    [Fact]
    public async Task A_number_that_gets_no_fresh_prompt_is_closed_before_another_one_is_opened()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        var first = await StartAsync(shop, order);
        shop.Clock?.Advance(Life);
        var answer = shop.Gateway.OnCreate;
        shop.Gateway.OnCreate = request => request.OutTradeNo == first.OutTradeNo ? new CreateResult.Refused("OUT_TRADE_NO_USED", "used") : answer?.Invoke(request);

        var second = await StartAsync(shop, order);

        Assert.Equal(
            [
                $"create {first.OutTradeNo}", $"create {first.OutTradeNo}",
                // Asked, closed, and asked whether it is closed.
                $"query {first.OutTradeNo}", $"close {first.OutTradeNo}", $"query {first.OutTradeNo}",
                $"create {second.OutTradeNo}",
            ],
            shop.Gateway.Calls);
        Assert.Equal(
            [(first.OutTradeNo, AttemptStatus.Closed), (second.OutTradeNo, AttemptStatus.Prompted)],
            (await shop.AttemptsAsync(order)).Select(attempt => (attempt.OutTradeNo, attempt.Status)));
    }

    [Fact]
    public async Task A_number_that_was_paid_meanwhile_is_not_replaced()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        var first = await StartAsync(shop, order);
        shop.Gateway.Pay(first.OutTradeNo);
        shop.Clock?.Advance(Life);
        shop.Gateway.OnCreate = _ => new CreateResult.Refused("ORDER_PAID", "paid");

        Assert.Equal(StartPaymentResult.Refused.NotPayable, await TryStartAsync(shop, order));

        Assert.Equal(OrderStatus.Paid, (await shop.ReadAsync(order)).Status);
        Assert.Single(await shop.AttemptsAsync(order));
    }

    [Fact]
    public async Task Where_the_gateway_is_silent_the_old_prompt_is_not_handed_out()
    {
        using var shop = await OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await StartAsync(shop, order);
        shop.Clock?.Advance(Life);
        shop.Gateway.OnCreate = _ => new CreateResult.Unknown("no answer");

        Assert.IsType<StartPaymentResult.CannotTell>(await TryStartAsync(shop, order));

        Assert.Single(await shop.AttemptsAsync(order));
    }

    /// <summary>A shop whose gateway makes a new code for every call, each good for <see cref="Life"/>.</summary>
    private static async Task<CheckoutShop> OpenAsync()
    {
        var shop = await CheckoutShop.OpenAsync(standingClock: true);
        shop.MakePromptsGoodFor(Life);
        return shop;
    }

    private static async Task<PaymentAttempt> StartAsync(CheckoutShop shop, Order order) =>
        Assert.IsType<StartPaymentResult.Started>(await TryStartAsync(shop, order)).Attempt;

    private static Task<StartPaymentResult> TryStartAsync(CheckoutShop shop, Order order) => shop.Portal.Get<StartPayment>().ExecuteAsync(
        new StartPaymentRequest(order.Id, shop.Account?.Id ?? Guid.Empty, PaymentMethod.Native), Actor.System(shop.Store.Id), CancellationToken.None);

    private static string? CodeOf(PaymentAttempt attempt) => attempt.ReadPrompt()?.CodeUrl;
}
