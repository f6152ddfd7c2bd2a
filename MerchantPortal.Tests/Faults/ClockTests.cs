using System.Net;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Load;
using MerchantPortal.Tests.Payments.Notifications;
using MerchantPortal.Tests.Sandbox;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>The clock is set while the portal runs, or a gateway writes a time that no calendar has.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Life = PlaceOrder.DefaultLifetime + CloseExpiredOrders.RenewableFor;

    public static TheoryData<int> Hours { get; } = new(1, -1, 24);

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task No_order_is_closed_early_because_the_clock_was_set(int hours)
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await PassAsync(fixture, Minute);

        fixture.Time.Jump(TimeSpan.FromHours(hours));
        await PassAsync(fixture, PlaceOrder.DefaultLifetime - (3 * Minute));

        Assert.Equal(AttemptStatus.Prompted, await fixture.Portal.ReadAsync(db => db.Attempts.Select(row => row.Status).SingleAsync()));
        Assert.DoesNotContain(fixture.Gateway.Calls, call => call.StartsWith("close", StringComparison.Ordinal));
        await PassAsync(fixture, 5 * Minute);
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);

        // It is not left open for ever either.
        await PassAsync(fixture, Life + TimeSpan.FromHours(3));
        await PassAsync(fixture, Minute);
        Assert.Equal(OrderStatus.Closed, (await fixture.OrderAsync()).Status);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task What_is_placed_after_the_clock_was_set_lives_by_the_new_time()
    {
        using var fixture = await NotificationFixture.StartAsync();
        fixture.Portal.Get<ClockJumps>().Observe();
        fixture.Time.Jump(TimeSpan.FromDays(1));
        await PassAsync(fixture, Minute);
        await fixture.PlaceAsync();

        await PassAsync(fixture, Life);

        Assert.Equal(OrderStatus.Closed, (await fixture.OrderAsync()).Status);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task A_genuine_message_by_another_clock_is_stale_and_not_forged_is_sent_again_and_makes_one_question(int hours)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(time));
        using var platform = new WeChatPlatform();
        using var forger = new WeChatPlatform();
        var shop = await StormShop.CreateAsync(portal, platform, 1);
        var (number, amount) = shop.Orders[0];
        var message = platform.Success(number, "4200", amount, time.GetUtcNow());
        var forged = forger.Sign(message.Body, time.GetUtcNow());
        time.Jump(TimeSpan.FromHours(hours));

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(portal, shop, forged));
        Assert.NotEqual(time.GetUtcNow(), await QueryAtAsync(portal));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(portal, shop, message));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(portal, shop, message));

        Assert.Equal(time.GetUtcNow(), await QueryAtAsync(portal));
        await portal.WriteAsync(db =>
        {
            var attempt = db.Attempts.Single();
            (attempt.LastQueriedAt, attempt.QueryAt) = (time.GetUtcNow(), time.GetUtcNow() + Minute);
        });
        await PostAsync(portal, shop, message);
        Assert.Equal(time.GetUtcNow() + Minute, await QueryAtAsync(portal));
        Assert.Equal(
            [RejectionReasons.SignatureInvalid, RejectionReasons.Stale, RejectionReasons.Stale, RejectionReasons.Stale],
            await portal.ReadAsync(db => db.RejectedCaptures.OrderBy(row => row.Id).Select(row => row.Reason).ToListAsync()));
        Assert.Equal(OrderStatus.Pending, await portal.ReadAsync(db => db.Orders.Select(row => row.Status).SingleAsync()));
        await portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Money_whose_message_came_stale_is_found_by_the_question_that_it_caused()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync();
        await shop.PayAsync(trade, "old_timestamp");
        Assert.Equal((CallbackStatus.Rejected, RejectionReasons.Stale), Assert.Single(await shop.CallbacksAsync()));

        await shop.Portal.Get<PaymentJanitor>().RunOnceAsync(CancellationToken.None);

        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
        Assert.Equal((1, null), await shop.Portal.ReadAsync(db => db.Attempts.Select(row => ValueTuple.Create(row.QueriesMade, row.QueryAt)).SingleAsync()));
        await shop.Portal.AssertInvariantsAsync();
    }

    /// <summary>A payment is a payment, whatever time it is said to have been made at.</summary>
    [Theory]
    [InlineData("2028-02-29T10:00:00+08:00", true)]
    [InlineData("2026-02-29T10:00:00+08:00", false)]
    [InlineData("2026-02-30T10:00:00+08:00", false)]
    [InlineData("2016-12-31T23:59:60+08:00", false)]
    [InlineData("2026-12-31T24:00:00+08:00", false)]
    [InlineData("2026-12-31T23:59:59", false)]
    [InlineData("0001-01-01T00:00:00+08:00", false)]
    [InlineData("9999-12-31T23:59:59-08:00", false)]
    public async Task A_time_that_no_calendar_has_does_not_keep_a_payment_from_being_booked(string successTime, bool isRead)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(time));
        using var platform = new WeChatPlatform();
        var shop = await StormShop.CreateAsync(portal, platform, 1);

        var answer = await PostAsync(portal, shop, platform.Success(shop.Orders[0].OutTradeNo, "4200", shop.Orders[0].Amount, time.GetUtcNow(), successTime));

        Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{answer}");
        var order = await portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync());
        Assert.Equal((OrderStatus.Paid, isRead ? new DateTimeOffset(2028, 2, 29, 2, 0, 0, TimeSpan.Zero) : time.GetUtcNow()), (order.Status, order.PaidAt ?? default));
        await portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("2028-02-29 00:00:00", true)]
    [InlineData("2026-02-29 00:00:00", false)]
    [InlineData("2026-02-30 00:00:00", false)]
    [InlineData("2016-12-31 23:59:60", false)]
    [InlineData("2026-12-31 24:00:00", false)]
    [InlineData("0001-01-01 00:00:00", false)]
    [InlineData("9999-12-31 23:59:59", true)]
    public void A_beijing_time_is_read_or_is_none(string text, bool isRead)
    {
        Assert.Equal(isRead, BeijingTime.Read(text) is not null);
        Assert.Equal(isRead, BeijingTime.ReadCompact(text.Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)) is not null);
    }

    private static async Task PassAsync(NotificationFixture fixture, TimeSpan time)
    {
        fixture.Time.Advance(time);
        for (var round = 0; round < 3; round++)
        {
            await fixture.Portal.Get<PaymentJanitor>().RunOnceAsync(CancellationToken.None);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(PortalFactory portal, StormShop shop, SignedNotification message)
    {
        using var client = portal.CreateClient();
        using var request = message.ToRequest(shop.NotifyUrl);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static Task<DateTimeOffset?> QueryAtAsync(PortalFactory portal) => portal.ReadAsync(db => db.Attempts.Select(row => row.QueryAt).SingleAsync());
}
