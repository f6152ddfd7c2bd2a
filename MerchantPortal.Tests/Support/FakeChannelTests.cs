using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Support;

/// <summary>The fake gateway goes the product's own way: what it signs is applied, what somebody else signs is not.</summary>
public sealed class FakeChannelTests
{
    [Fact]
    public async Task A_signed_message_pays_the_order_and_a_forged_one_does_not()
    {
        var gateway = new FakeGateway();
        using var portal = await PortalFactory.StartAsync(configure: factory => factory.ConfigureServices(gateway.Register));
        var store = new Store { Name = "Shop" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var account = await FakeGateway.AddAccountAsync(portal, store.Id);
        var placed = Assert.IsType<PlaceOrderResult.Placed>(await portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], Amount: 1, Subject: "Tea"), Actor.System(store.Id), CancellationToken.None));
        var started = Assert.IsType<StartPaymentResult.Started>(await portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(placed.Order.Id, account.Id, PaymentMethod.Native), Actor.System(store.Id), CancellationToken.None));
        var message = gateway.Pay(started.Attempt.OutTradeNo);
        using var client = portal.CreateClient();

        using var forged = await client.SendAsync(FakeGateway.Notify(account, message, key: "another key"));
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        Assert.Equal(OrderStatus.Pending, await portal.ReadAsync(db => db.Orders.Select(order => order.Status).SingleAsync()));

        using var genuine = await client.SendAsync(FakeGateway.Notify(account, message));
        Assert.Equal(HttpStatusCode.OK, genuine.StatusCode);
        Assert.Equal(OrderStatus.Paid, await portal.ReadAsync(db => db.Orders.Select(order => order.Status).SingleAsync()));
    }
}
