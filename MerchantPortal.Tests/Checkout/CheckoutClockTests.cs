using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The server's clock, or the buyer's, is set while a buyer is about to pay.</summary>
public sealed class CheckoutClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<int> Hours { get; } = new(1, -1, 24);

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task The_same_code_goes_on_when_the_servers_clock_is_set(int hours)
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var (order, buyer) = await LookAsync(shop);

        Pass(shop, Minute);
        shop.Clock?.Jump(TimeSpan.FromHours(hours));
        var (state, left) = await StatusAsync(buyer, order);

        Assert.Equal("waiting", state);
        Assert.True(left >= PlaceOrder.DefaultLifetime - Minute, $"{left}");
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}")));
        Assert.Equal(AttemptStatus.Prompted, Assert.Single(await shop.AttemptsAsync(order)).Status);
        await shop.PayAsync(order);
        Assert.Equal((OrderStatus.Paid, OrderFlags.None), ((await shop.ReadAsync(order)).Status, (await shop.ReadAsync(order)).Flags));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public async Task An_order_ends_when_its_time_has_really_passed_and_can_be_renewed(int hours)
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var (order, buyer) = await LookAsync(shop);
        shop.Clock?.Jump(TimeSpan.FromHours(hours));

        Pass(shop, PlaceOrder.DefaultLifetime - Minute);
        Assert.Equal(("waiting", Minute), await StatusAsync(buyer, order));
        Pass(shop, Minute);
        Assert.Equal("expired", (await StatusAsync(buyer, order)).State);

        using var renewed = await buyer.PostAsync($"/pay/{order.CheckoutToken}/renew", new FormUrlEncodedContent([]));
        Assert.Equal(("waiting", PlaceOrder.DefaultLifetime), await StatusAsync(buyer, order));
        Assert.Equal(2, (await shop.AttemptsAsync(order)).Count);
        Pass(shop, PlaceOrder.DefaultLifetime);
        Assert.Equal("expired", (await StatusAsync(buyer, order)).State);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Another_way_to_pay_can_be_chosen_after_the_clock_was_set_and_lives_as_long_as_the_order(int hours)
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        shop.Gateway.Methods = [PaymentMethod.Native, PaymentMethod.Page];
        var (order, _) = await LookAsync(shop);
        shop.Clock?.Jump(TimeSpan.FromHours(hours));

        var started = await StartAsync(shop, order, PaymentMethod.Page);

        var attempt = Assert.IsType<StartPaymentResult.Started>(started).Attempt;
        Assert.True(attempt.ExpiresAt - attempt.CreatedAt >= PlaceOrder.DefaultLifetime);
        Assert.Equal([AttemptStatus.Closed, AttemptStatus.Prompted], (await shop.AttemptsAsync(order)).Select(row => row.Status));
    }

    [Fact]
    public async Task What_can_only_expire_still_binds_the_buyer_after_the_clock_was_set_forward()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        shop.Gateway.Methods = [PaymentMethod.Native, PaymentMethod.Page];
        shop.Gateway.OnClose = _ => new CloseResult.OnlyExpires();
        var (order, _) = await LookAsync(shop);

        shop.Clock?.Jump(TimeSpan.FromDays(1));
        Assert.IsType<StartPaymentResult.CannotTell>(await StartAsync(shop, order, PaymentMethod.Page));
        Assert.Equal(AttemptStatus.Prompted, Assert.Single(await shop.AttemptsAsync(order)).Status);

        Pass(shop, PlaceOrder.DefaultLifetime - Minute);
        Assert.IsType<StartPaymentResult.CannotTell>(await StartAsync(shop, order, PaymentMethod.Page));
    }

    /// <summary>The page goes by the time that passes; the buyer's calendar is none of its business.</summary>
    [Fact]
    public async Task The_countdown_goes_on_when_the_buyers_own_clock_is_set()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await using var browser = await Browser.StartAsync();
        var tab = await browser.OpenAsync(shop.Portal.Address, userAgent: CheckoutShop.Desktop);
        await tab.Page.GotoAsync($"/pay/{order.CheckoutToken}");
        var figures = tab.Page.Locator("[data-countdown]");
        await Assertions.Expect(figures).ToHaveTextAsync(new Regex("^29:"));

        // A day further whenever it is read, and all that the page shows from now on: it hears again and again how long is left, and would put right what was wrong in between.
        await tab.Page.EvaluateAsync(
            """
            () => {
              const real = Date.now;
              let days = 0;
              Date.now = () => real() + 86400000 * ++days;
              window.shown = [];
              new MutationObserver(() => window.shown.push(document.querySelector('[data-countdown]')?.textContent ?? ''))
                .observe(document.body, { childList: true, characterData: true, subtree: true });
            }
            """);
        var before = await figures.TextContentAsync() ?? "";
        await Assertions.Expect(figures).Not.ToHaveTextAsync(before);

        var shown = await tab.Page.EvaluateAsync<string[]>("() => window.shown");
        Assert.NotEmpty(shown);
        Assert.All(shown, text => Assert.StartsWith("29:", text, StringComparison.Ordinal));
        tab.AssertClean();
    }

    private static async Task<(Order Order, HttpClient Buyer)> LookAsync(CheckoutShop shop)
    {
        var (order, buyer) = (await shop.PlaceOrderAsync(), shop.Buyer());
        Assert.True(CheckoutShop.ShowsCode(await buyer.GetStringAsync($"/pay/{order.CheckoutToken}")));
        return (order, buyer);
    }

    private static void Pass(CheckoutShop shop, TimeSpan time) => (shop.Clock ?? throw new InvalidOperationException("The clock runs.")).Advance(time);

    private static async Task<(string? State, TimeSpan Left)> StatusAsync(HttpClient buyer, Order order)
    {
        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/status");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (body.RootElement.GetProperty("state").GetString(),
            body.RootElement.GetProperty("expires_at").GetDateTimeOffset() - body.RootElement.GetProperty("server_time").GetDateTimeOffset());
    }

    private static Task<StartPaymentResult> StartAsync(CheckoutShop shop, Order order, PaymentMethod method) => shop.Portal.Get<StartPayment>().ExecuteAsync(
        new StartPaymentRequest(order.Id, (shop.Account ?? throw new InvalidOperationException("No account.")).Id, method),
        MerchantPortal.Accounts.Actor.Buyer(order.StoreId), CancellationToken.None);
}
