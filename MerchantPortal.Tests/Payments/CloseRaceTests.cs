using System.Net;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments;

public sealed class CloseRaceTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_order_that_is_closed_while_a_buyer_starts_to_pay_is_never_closed_and_payable(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var (start, close) = (fixture.Portal.Get<StartPayment>(), fixture.Portal.Get<CloseOrder>());
        for (var round = 0; round < 40; round++)
        {
            var order = await fixture.PlaceAsync();
            await Task.WhenAll(
                start.ExecuteAsync(new StartPaymentRequest(order.Id, fixture.Account.Id, PaymentMethod.Native), fixture.Staff, CancellationToken.None),
                close.ExecuteAsync(order.Id, fixture.Staff, CancellationToken.None));
        }

        var closedAndPayable = await fixture.Portal.ReadAsync(db => db.Attempts
            .Where(attempt => attempt.Status == AttemptStatus.Created || attempt.Status == AttemptStatus.Prompted)
            .Join(db.Orders.Where(order => order.Status == OrderStatus.Closed), attempt => attempt.OrderId, order => order.Id, (attempt, order) => order.Number)
            .ToListAsync());
        Assert.Empty(closedAndPayable);
        await fixture.Portal.AssertInvariantsAsync();
    }

    /// <summary>The gateway has closed the attempt in the same moment in which the buyer paid; who is first here differs from round to round.</summary>
    [Theory]
    [InlineData(DatabaseProvider.Sqlite, 400)]
    [InlineData(DatabaseProvider.PostgreSql, 100)]
    public async Task Money_that_comes_while_its_order_is_closed_is_always_accounted_for(DatabaseProvider provider, int rounds)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        fixture.Gateway.OnQuery = _ => new QueryResult.NotFound();
        fixture.Gateway.OnClose = _ => new CloseResult.Closed();
        var close = fixture.Portal.Get<CloseOrder>();
        var random = new Random(17);
        for (var round = 0; round < rounds; round++)
        {
            var order = await fixture.PlaceAsync();
            var message = fixture.Gateway.Pay((await fixture.StartPaymentAsync(order)).OutTradeNo);
            var (closeLater, payLater) = (random.Next(3), random.Next(3));
            var answers = await Task.WhenAll(
                AfterAsync(closeLater, async () => (await close.ExecuteAsync(order.Id, fixture.Staff, CancellationToken.None)).ToString()),
                AfterAsync(payLater, async () => (await fixture.PostAsync(message)).Status.ToString()));
            Assert.Equal(nameof(HttpStatusCode.OK), answers[1]);
        }

        var orders = await fixture.Portal.ReadAsync(db => db.Orders.AsNoTracking().ToListAsync());
        Assert.Equal(rounds, orders.Count(order => order.Status == OrderStatus.Paid && order.PaidAmount == order.Amount));
        Assert.All(orders, order => Assert.Equal(order.ClosedAt is not null, order.Flags.HasFlag(OrderFlags.PaidLate)));
        Assert.NotEqual(0, orders.Count(order => order.ClosedAt is not null));
        await fixture.Portal.AssertInvariantsAsync();
    }

    private static async Task<string?> AfterAsync(int yields, Func<Task<string?>> act)
    {
        await Task.Run(() => { });
        for (var i = 0; i < yields; i++)
        {
            await Task.Yield();
        }

        return await act();
    }
}
