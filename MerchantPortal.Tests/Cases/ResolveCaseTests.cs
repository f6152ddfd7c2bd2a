using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Products;
using MerchantPortal.Tests.Payments.Janitor;
using MerchantPortal.Tests.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Cases;

public sealed class ResolveCaseTests
{
    public enum End
    {
        Waiting,
        ExpiredOnly,
        Closed,
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_flags_of_an_order_go_with_its_last_case(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        await fixture.PostAsync(message with { Id = "2", TransactionId = "B" });
        await fixture.PostAsync(message with { Id = "3", TransactionId = "C" });
        var cases = await CasesAsync(fixture);
        Assert.Equal([CaseKind.DuplicateMoney, CaseKind.DuplicateMoney], cases.Select(row => row.Kind));
        var resolve = fixture.Portal.Get<ResolveCase>();

        Assert.IsType<ResolveCaseResult.Resolved>(await resolve.ExecuteAsync(cases[0].Id, CaseResolution.Refunded, "given back by hand", fixture.Staff, CancellationToken.None));
        Assert.Equal(OrderFlags.DuplicateMoney, (await fixture.OrderAsync()).Flags);
        Assert.IsType<ResolveCaseResult.Resolved>(await resolve.ExecuteAsync(cases[1].Id, CaseResolution.Held, "the buyer calls back", fixture.Staff, CancellationToken.None));

        Assert.Equal(OrderFlags.None, (await fixture.OrderAsync()).Flags);
        var audit = await fixture.Portal.ReadAsync(db => db.AuditEntries.OrderBy(row => row.Number).Select(row => new { row.Action, row.ActorName, row.Reason }).ToListAsync());
        Assert.Equal(["given back by hand", "the buyer calls back"], audit.Select(row => row.Reason));
        Assert.All(audit, row => Assert.Equal((AuditActions.CaseResolved, "Li Wei"), (row.Action, row.ActorName)));
        Assert.Equal(2, await fixture.Portal.ReadAsync(db => db.Timeline.CountAsync(row => row.Kind == TimelineKind.CaseResolved)));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_case_ends_once_and_only_by_its_playbook_with_a_reason_and_in_its_own_store()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        await fixture.PostAsync(message with { Id = "2", TransactionId = "B" });
        var found = Assert.Single(await CasesAsync(fixture));
        var resolve = fixture.Portal.Get<ResolveCase>();
        var stranger = new Actor(Guid.NewGuid(), ActorKind.Person, "9", "somebody");

        Assert.IsType<ResolveCaseResult.ReasonInvalid>(await resolve.ExecuteAsync(found.Id, CaseResolution.Held, " ", fixture.Staff, CancellationToken.None));
        Assert.IsType<ResolveCaseResult.ReasonInvalid>(await resolve.ExecuteAsync(found.Id, CaseResolution.Held, new string('x', 501), fixture.Staff, CancellationToken.None));
        Assert.IsType<ResolveCaseResult.NotInPlaybook>(await resolve.ExecuteAsync(found.Id, CaseResolution.Fulfilled, "why not", fixture.Staff, CancellationToken.None));
        Assert.IsType<ResolveCaseResult.NotOpen>(await resolve.ExecuteAsync(found.Id, CaseResolution.Held, "mine", stranger, CancellationToken.None));
        Assert.False(await fixture.Portal.Get<AssignCase>().ExecuteAsync(found.Id, toMe: true, stranger, CancellationToken.None));
        Assert.IsType<ResolveCaseResult.Resolved>(await resolve.ExecuteAsync(found.Id, CaseResolution.Held, "ok", fixture.Staff, CancellationToken.None));
        Assert.IsType<ResolveCaseResult.NotOpen>(await resolve.ExecuteAsync(found.Id, CaseResolution.Held, "ok", fixture.Staff, CancellationToken.None));
        Assert.Equal(1, await fixture.Portal.ReadAsync(db => db.AuditEntries.CountAsync()));
    }

    [Fact]
    public async Task A_case_has_one_owner_and_the_trail_knows_each()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        await fixture.PostAsync(message with { Id = "2", TransactionId = "B" });
        var found = Assert.Single(await CasesAsync(fixture));
        var assign = fixture.Portal.Get<AssignCase>();
        var other = fixture.Staff with { Id = "2", Name = "Wang" };

        Assert.True(await assign.ExecuteAsync(found.Id, toMe: true, fixture.Staff, CancellationToken.None));
        Assert.True(await assign.ExecuteAsync(found.Id, toMe: true, fixture.Staff, CancellationToken.None));
        Assert.True(await assign.ExecuteAsync(found.Id, toMe: true, other, CancellationToken.None));
        Assert.Equal("Wang", Assert.Single(await CasesAsync(fixture)).OwnerName);
        Assert.True(await assign.ExecuteAsync(found.Id, toMe: false, other, CancellationToken.None));

        Assert.Null(Assert.Single(await CasesAsync(fixture)).OwnerName);
        var trail = await fixture.Portal.ReadAsync(db => db.AuditEntries.OrderBy(row => row.Number).Select(row => row.BeforeJson + row.AfterJson).ToListAsync());
        Assert.Equal(["{}{\"owner\":\"Li Wei\"}", "{\"owner\":\"Li Wei\"}{\"owner\":\"Wang\"}", "{\"owner\":\"Wang\"}{}"], trail);
    }

    /// <summary>Money × how far the order had come × whether its pieces are still there: each cell ends in a state that explains itself.</summary>
    [Theory]
    [InlineData(End.Waiting, 2, false, OrderFlags.None, 0)]
    [InlineData(End.Waiting, 2, true, OrderFlags.None, 0)]
    [InlineData(End.ExpiredOnly, 2, false, OrderFlags.None, 0)]
    [InlineData(End.ExpiredOnly, 2, true, OrderFlags.None, 0)]
    [InlineData(End.Closed, 2, false, OrderFlags.PaidLate, 0)]
    [InlineData(End.Closed, 2, true, OrderFlags.PaidLate | OrderFlags.NeedsReview, 0)]
    [InlineData(End.Closed, 3, true, OrderFlags.PaidLate | OrderFlags.NeedsReview, 1)]
    [InlineData(End.Closed, null, false, OrderFlags.PaidLate, null)]
    public async Task Late_money_takes_the_pieces_again_or_waits_for_a_person(End end, int? stock, bool soldMeanwhile, OrderFlags flags, int? left)
    {
        using var fixture = await NotificationFixture.StartAsync();
        var (order, attempt) = await StartAsync(fixture, stock);
        await PassAsync(fixture, end);
        if (soldMeanwhile && end == End.Closed)
        {
            await OrderOneOrTwoAsync(fixture, stock == 3 ? 2 : 1);
        }

        if (end == End.ExpiredOnly)
        {
            // Somebody typed the password while the code ended.
            fixture.Gateway.OnClose = number =>
            {
                fixture.Gateway.Pay(number);
                return null;
            };
            await PaymentJanitorTests.PassAsync(fixture, QuerySchedule.CloseAfter);
        }
        else
        {
            await fixture.PostAsync(fixture.Gateway.Pay(attempt.OutTradeNo));
        }

        var paid = await fixture.Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == order.Id));
        Assert.Equal((OrderStatus.Paid, flags), (paid.Status, paid.Flags));
        if (stock is not null && !(soldMeanwhile && stock == 2 && end == End.Closed))
        {
            Assert.Equal(left, await StockAsync(fixture));
        }

        Assert.Equal(end == End.Closed ? [CaseKind.LateMoney] : [], (await CasesAsync(fixture)).Select(row => row.Kind));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Late_money_whose_pieces_are_gone_can_be_delivered_only_when_there_are_some_again()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var (order, attempt) = await StartAsync(fixture, 2);
        await PassAsync(fixture, End.Closed);
        await OrderOneOrTwoAsync(fixture, 1);
        await fixture.PostAsync(fixture.Gateway.Pay(attempt.OutTradeNo));
        var found = Assert.Single(await CasesAsync(fixture));
        var resolve = fixture.Portal.Get<ResolveCase>();

        Assert.IsType<ResolveCaseResult.OutOfStock>(await resolve.ExecuteAsync(found.Id, CaseResolution.Fulfilled, "sent", fixture.Staff, CancellationToken.None));
        await fixture.Portal.Get<PortalWriter>().WriteAsync(async (db, ct) => (await db.Products.SingleAsync(ct)).Stock = 5, CancellationToken.None);
        Assert.IsType<ResolveCaseResult.Resolved>(await resolve.ExecuteAsync(found.Id, CaseResolution.Fulfilled, "sent", fixture.Staff, CancellationToken.None));

        Assert.Equal(3, await StockAsync(fixture));
        Assert.Equal(OrderFlags.None, await fixture.Portal.ReadAsync(db => db.Orders.Where(row => row.Id == order.Id).Select(row => row.Flags).SingleAsync()));
    }

    private static async Task<(Order Order, PaymentAttempt Attempt)> StartAsync(NotificationFixture fixture, int? stock)
    {
        await fixture.Portal.WriteAsync(db => db.Products.Add(new Product
        {
            StoreId = fixture.Store.Id,
            Name = "Tea",
            Price = 500,
            Stock = stock,
            CreatedAt = fixture.Time.GetUtcNow(),
        }));
        var order = await OrderOneOrTwoAsync(fixture, 2);
        return (order, await fixture.StartPaymentAsync(order));
    }

    private static async Task<Order> OrderOneOrTwoAsync(NotificationFixture fixture, int quantity)
    {
        var product = await fixture.Portal.ReadAsync(db => db.Products.Select(row => row.Id).SingleAsync());
        var placed = await fixture.Portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [new NewOrderLine(product, quantity)]), fixture.Staff, CancellationToken.None);
        return Assert.IsType<PlaceOrderResult.Placed>(placed).Order;
    }

    private static Task PassAsync(NotificationFixture fixture, End end) => end switch
    {
        End.Waiting => Task.CompletedTask,
        End.ExpiredOnly => PaymentJanitorTests.PassAsync(fixture, PlaceOrder.DefaultLifetime),
        End.Closed => PaymentJanitorTests.PassAsync(fixture, PlaceOrder.DefaultLifetime + CloseExpiredOrders.RenewableFor),
    };

    private static Task<List<Case>> CasesAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Cases.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    private static Task<int?> StockAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Products.Select(row => row.Stock).SingleAsync());
}
