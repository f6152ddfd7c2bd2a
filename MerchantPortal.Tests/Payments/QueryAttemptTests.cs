using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments;

public sealed class QueryAttemptTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_trade_that_was_paid_and_given_back_before_any_callback_came_is_recorded_as_both(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var attempt = await fixture.StartPaymentAsync(await fixture.PlaceAsync());
        var paid = fixture.Gateway.Pay(attempt.OutTradeNo);
        // Alipay's TRADE_CLOSED of a trade that has been paid: refunded in full, and nothing else is told.
        fixture.Gateway.OnQuery = _ => new QueryResult.Known(FakeGateway.ToNotification(paid, NotificationSource.Query) with
        {
            Kind = NotificationKind.RefundSucceeded,
            Refund = new RefundFact(null, null, null, attempt.Amount),
        });

        await fixture.Portal.Get<QueryAttempt>().ExecuteAsync(attempt.Id, fixture.Staff, CancellationToken.None);
        await fixture.Portal.Get<QueryAttempt>().ExecuteAsync(attempt.Id, fixture.Staff, CancellationToken.None);

        var order = await fixture.OrderAsync();
        Assert.Equal((OrderStatus.Refunded, attempt.Amount, attempt.Amount), (order.Status, order.PaidAmount, order.RefundedAmount));
        Assert.Equal(
            [LedgerMovement.Payment, LedgerMovement.Refund],
            await fixture.Portal.ReadAsync(db => db.LedgerEntries.Where(row => row.Debit > 0).OrderBy(row => row.Day).ThenBy(row => row.Number).Select(row => row.Movement).ToListAsync()));
        await fixture.Portal.AssertInvariantsAsync();
    }
}
