using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Products;
using MerchantPortal.Tests.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Janitor;

public sealed class PaymentJanitorTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Money_whose_callback_never_comes_is_found_by_asking(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.Pay(attempt.OutTradeNo);

        await PassAsync(fixture, TimeSpan.FromSeconds(5));

        var order = await fixture.OrderAsync();
        var payment = await fixture.Portal.ReadAsync(db => db.Payments.SingleAsync());
        var told = await fixture.Portal.ReadAsync(db => db.Timeline.OrderByDescending(row => row.Id).Select(row => new { row.Kind, row.DataJson }).FirstAsync());
        Assert.Equal((OrderStatus.Paid, NotificationSource.Query), (order.Status, payment.FoundBy));
        Assert.Equal(TimelineKind.PaymentReceived, told.Kind);
        Assert.Contains("\"found_by\":\"query\"", told.DataJson, StringComparison.Ordinal);
        Assert.Null((await AttemptAsync(fixture)).QueryAt);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_gateway_that_does_not_say_changes_nothing_but_the_next_time()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.OnQuery = _ => new QueryResult.Unknown("down");
        var before = await fixture.Portal.ReadAsync(db => db.Timeline.CountAsync());

        await PassAsync(fixture, TimeSpan.FromSeconds(5));

        var attempt = await AttemptAsync(fixture);
        Assert.Equal((AttemptStatus.Prompted, 1, attempt.CreatedAt.AddSeconds(10)), (attempt.Status, attempt.QueriesMade, attempt.QueryAt));
        Assert.Null(attempt.LastQueriedAt);
        Assert.Equal(before, await fixture.Portal.ReadAsync(db => db.Timeline.CountAsync()));
    }

    [Fact]
    public async Task A_bug_in_asking_changes_nothing_but_the_next_time()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.OnQuery = _ => throw new InvalidOperationException("bug");

        await PassAsync(fixture, TimeSpan.FromSeconds(5));

        var attempt = await AttemptAsync(fixture);
        Assert.Equal((1, attempt.CreatedAt.AddSeconds(10)), (attempt.QueriesMade, attempt.QueryAt));
    }

    [Fact]
    public async Task Nothing_is_asked_and_nothing_written_before_its_time()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        var calls = fixture.Gateway.Calls.Count;

        await PassAsync(fixture, TimeSpan.FromSeconds(4.9));

        Assert.Equal(calls, fixture.Gateway.Calls.Count);
        Assert.False(await fixture.Portal.ReadAsync(db => db.Leases.AnyAsync()));
    }

    [Fact]
    public async Task An_expired_code_is_asked_about_closed_at_the_gateway_confirmed_and_only_then_closed_here()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await PassAsync(fixture, PlaceOrder.DefaultLifetime);
        Assert.Equal(AttemptStatus.Prompted, (await AttemptAsync(fixture)).Status);
        fixture.Gateway.Calls.Clear();

        await PassAsync(fixture, QuerySchedule.CloseAfter);

        Assert.Equal([$"query {attempt.OutTradeNo}", $"close {attempt.OutTradeNo}", $"query {attempt.OutTradeNo}"], fixture.Gateway.Calls);
        var closed = await AttemptAsync(fixture);
        Assert.Equal((AttemptStatus.Closed, NotificationKind.PaymentClosed), (closed.Status, closed.QuerySaid));
        Assert.Equal(fixture.Time.GetUtcNow() + QuerySchedule.AfterClose, closed.QueryAt);
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task What_is_closed_here_waits_for_the_gateway_however_long_that_takes()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.OnClose = _ => new CloseResult.Unknown("down");
        await PassAsync(fixture, TimeSpan.FromHours(30));
        Assert.Equal((AttemptStatus.Prompted, OrderStatus.Pending), ((await AttemptAsync(fixture)).Status, (await fixture.OrderAsync()).Status));

        fixture.Gateway.OnClose = null;
        await PassAsync(fixture, TimeSpan.FromDays(1));
        await PassAsync(fixture, TimeSpan.FromSeconds(1));

        Assert.Equal((AttemptStatus.Closed, OrderStatus.Closed), ((await AttemptAsync(fixture)).Status, (await fixture.OrderAsync()).Status));
    }

    [Fact]
    public async Task A_close_that_the_gateway_does_not_confirm_is_not_believed()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.OnClose = _ => new CloseResult.Closed();

        await PassAsync(fixture, PlaceOrder.DefaultLifetime + QuerySchedule.CloseAfter);

        Assert.Equal(AttemptStatus.Prompted, (await AttemptAsync(fixture)).Status);
    }

    [Fact]
    public async Task Money_that_comes_between_the_question_and_the_close_is_booked()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await PassAsync(fixture, PlaceOrder.DefaultLifetime);
        fixture.Gateway.OnClose = number =>
        {
            fixture.Gateway.Pay(number);
            return null;
        };

        await PassAsync(fixture, QuerySchedule.CloseAfter);

        Assert.Equal((OrderStatus.Paid, OrderFlags.None), ((await fixture.OrderAsync()).Status, (await fixture.OrderAsync()).Flags));
        Assert.Equal(1, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync(row => row.AttemptId == attempt.Id)));
    }

    [Fact]
    public async Task A_number_that_the_gateway_does_not_know_is_closed_only_after_its_last_moment()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Gateway.Trades.TryRemove(attempt.OutTradeNo, out _);

        await PassAsync(fixture, PlaceOrder.DefaultLifetime + TimeSpan.FromMinutes(1));
        Assert.Equal(AttemptStatus.Prompted, (await AttemptAsync(fixture)).Status);

        await PassAsync(fixture, TimeSpan.FromMinutes(1.2));
        Assert.Equal(AttemptStatus.Closed, (await AttemptAsync(fixture)).Status);
    }

    [Fact]
    public async Task An_expired_order_is_closed_when_its_buyer_may_not_renew_it_any_more_and_its_pieces_go_back()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var product = new Product { StoreId = fixture.Store.Id, Name = "Tea", Price = 500, Stock = 3, CreatedAt = fixture.Time.GetUtcNow() };
        await fixture.Portal.WriteAsync(db => db.Products.Add(product));
        var placed = await fixture.Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [new NewOrderLine(product.Id, 2)]), fixture.Staff, CancellationToken.None);
        await fixture.StartPaymentAsync(Assert.IsType<PlaceOrderResult.Placed>(placed).Order);

        await PassAsync(fixture, PlaceOrder.DefaultLifetime + CloseExpiredOrders.RenewableFor - TimeSpan.FromSeconds(1));
        Assert.Equal((OrderStatus.Pending, 1), ((await fixture.OrderAsync()).Status, await StockAsync(fixture)));

        await PassAsync(fixture, TimeSpan.FromSeconds(1));
        Assert.Equal((OrderStatus.Closed, 3), ((await fixture.OrderAsync()).Status, await StockAsync(fixture)));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Money_that_arrives_after_closing_is_found_and_makes_a_case()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await PassAsync(fixture, PlaceOrder.DefaultLifetime + CloseExpiredOrders.RenewableFor);
        Assert.Equal(OrderStatus.Closed, (await fixture.OrderAsync()).Status);
        fixture.Gateway.Pay(attempt.OutTradeNo);

        await PassAsync(fixture, TimeSpan.FromDays(1));

        var order = await fixture.OrderAsync();
        var found = await fixture.Portal.ReadAsync(db => db.Cases.SingleAsync());
        Assert.Equal((OrderStatus.Paid, OrderFlags.PaidLate), (order.Status, order.Flags));
        Assert.Equal((CaseKind.LateMoney, order.Id, order.Amount), (found.Kind, found.OrderId, found.Amount));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_instance_that_has_lost_the_job_writes_nothing(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        var answer = new TaskCompletionSource();
        fixture.Gateway.Answering = answer.Task;
        var round = fixture.Portal.Get<PaymentJanitor>().RunOnceAsync(CancellationToken.None);
        while (!await fixture.Portal.ReadAsync(db => db.Leases.AnyAsync()))
        {
            await Task.Yield();
        }

        await fixture.Portal.WriteAsync(db =>
        {
            var lease = db.Leases.Single();
            (lease.Owner, lease.Epoch) = (Guid.NewGuid(), lease.Epoch + 1);
        });

        fixture.Gateway.Pay(attempt.OutTradeNo);
        answer.SetResult();
        await round;

        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
        Assert.Equal(0, (await AttemptAsync(fixture)).QueriesMade);
    }

    [Fact]
    public async Task While_another_instance_does_the_job_this_one_asks_nothing()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await fixture.Portal.WriteAsync(db => db.Leases.Add(
            new Lease { Name = JanitorLease.Name, Owner = Guid.NewGuid(), Epoch = 1, Until = fixture.Time.GetUtcNow().AddMinutes(1) }));
        fixture.Gateway.Calls.Clear();

        await PassAsync(fixture, TimeSpan.FromSeconds(30));
        Assert.Empty(fixture.Gateway.Calls);

        await PassAsync(fixture, TimeSpan.FromSeconds(31));
        Assert.Single(fixture.Gateway.Calls);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_this_instance_from_taking_the_job_of_one_that_died()
    {
        using var fixture = await NotificationFixture.StartAsync();
        await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await fixture.Portal.WriteAsync(db => db.Leases.Add(
            new Lease { Name = JanitorLease.Name, Owner = Guid.NewGuid(), Epoch = 1, Until = fixture.Time.GetUtcNow().AddMinutes(1) }));
        await PassAsync(fixture, TimeSpan.FromSeconds(5));
        fixture.Gateway.Calls.Clear();

        fixture.Time.Jump(-TimeSpan.FromDays(1));
        await fixture.Portal.WriteAsync(db => db.Attempts.Single().QueryAt = fixture.Time.GetUtcNow());
        await PassAsync(fixture, JanitorLease.Duration);

        Assert.Single(fixture.Gateway.Calls);
    }

    [Fact]
    public async Task An_account_that_loses_callbacks_is_asked_more_often()
    {
        using var fixture = await NotificationFixture.StartAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            fixture.Gateway.Pay((await fixture.StartPaymentAsync(await fixture.PlaceAsync())).OutTradeNo);
        }

        await PassAsync(fixture, TimeSpan.FromSeconds(5));
        await PassAsync(fixture, TimeSpan.FromMinutes(2));
        var waiting = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        await PassAsync(fixture, TimeSpan.FromMinutes(2));

        var attempt = await fixture.Portal.ReadAsync(db => db.Attempts.SingleAsync(row => row.Id == waiting.Id));
        Assert.Equal(attempt.CreatedAt.AddSeconds(135), attempt.QueryAt);
    }

    /// <summary>Lets the clock run, and does what is due at the end.</summary>
    internal static async Task PassAsync(NotificationFixture fixture, TimeSpan time)
    {
        fixture.Time.Advance(time);
        await fixture.Portal.Get<PaymentJanitor>().RunOnceAsync(CancellationToken.None);
        // What an answer makes possible belongs to the same moment.
        await fixture.Portal.Get<PaymentJanitor>().RunOnceAsync(CancellationToken.None);
    }

    private static Task<PaymentAttempt> AttemptAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Attempts.AsNoTracking().SingleAsync());

    private static Task<int?> StockAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Products.Select(row => row.Stock).SingleAsync());
}
