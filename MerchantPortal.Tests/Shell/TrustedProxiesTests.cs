using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Tests.Subscriptions;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Shell;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("10.0.0.9", "127.0.0.1")]
    [InlineData("10.0.0.9, 127.0.0.1", "123.57.146.46")]
    public async Task Only_a_named_proxy_is_believed_about_the_sender(string setting, string sender)
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.Set("Portal:TrustedProxies", setting));
        var store = new Store { Name = "茶铺" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var account = await SubscriptionShop.AddAccountAsync(portal, store.Id);
        using var client = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"notify/beecloud/{account:N}/subscription") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", "123.57.146.46");

        using var response = await client.SendAsync(request);

        Assert.Equal(sender, await portal.ReadAsync(db => db.RejectedCaptures.Select(row => row.RemoteAddress).SingleAsync()));
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_stops_the_start() => Assert.Contains(
        "Portal:TrustedProxies",
        (await Assert.ThrowsAsync<FormatException>(() => PortalFactory.StartAsync(configure: factory => factory.Set("Portal:TrustedProxies", "everywhere")))).Message,
        StringComparison.Ordinal);
}
