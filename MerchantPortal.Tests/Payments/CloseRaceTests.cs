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
}
