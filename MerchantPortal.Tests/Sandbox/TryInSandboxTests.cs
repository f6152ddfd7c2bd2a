using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

public sealed class TryInSandboxTests
{
    [Fact]
    public async Task One_click_makes_accounts_products_and_an_order_that_can_be_prompted_both_ways()
    {
        await using var portal = await PortalFactory.StartAsync();
        var actor = await OpenStoreAsync(portal);

        var ready = Assert.IsType<TryItNowResult.Ready>(await portal.Get<ITryItNow>().ExecuteAsync(actor, CancellationToken.None));

        var order = await portal.ReadAsync(db => db.Orders.SingleAsync());
        Assert.Equal((order.Number, $"/pay/{order.CheckoutToken}", PaymentMode.Test), (ready.OrderNumber, ready.CheckoutPath, order.Mode));
        var products = await portal.ReadAsync(db => db.Products.ToListAsync());
        Assert.Equal(3, products.Count);
        Assert.All(products, product => Assert.StartsWith("/media/", product.ImageUrl, StringComparison.Ordinal));
        foreach (var account in await portal.ReadAsync(db => db.ChannelAccounts.ToListAsync()))
        {
            var method = account.Channel == "alipay" ? PaymentMethod.Precreate : PaymentMethod.Native;
            Assert.IsType<StartPaymentResult.Started>(await portal.Get<StartPayment>().ExecuteAsync(
                new StartPaymentRequest(order.Id, account.Id, method), actor, CancellationToken.None));
        }
    }

    [Fact]
    public async Task More_clicks_make_more_orders_and_nothing_else_twice()
    {
        await using var portal = await PortalFactory.StartAsync();
        var actor = await OpenStoreAsync(portal);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => portal.Get<ITryItNow>().ExecuteAsync(actor, CancellationToken.None)));

        Assert.Equal(["alipay", "wechat-v3"], await portal.ReadAsync(db => db.ChannelAccounts.Select(row => row.Channel).Order().ToListAsync()));
        Assert.Equal((3, 3), await portal.ReadAsync(async db => (await db.Products.CountAsync(), await db.Orders.CountAsync())));
    }

    private static async Task<Actor> OpenStoreAsync(PortalFactory portal)
    {
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return Actor.System(store.Id);
    }
}
