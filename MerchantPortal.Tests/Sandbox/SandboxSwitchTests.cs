using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Tests.Sandbox;

public sealed class SandboxSwitchTests
{
    [Theory]
    [InlineData("sandbox")]
    [InlineData("sandbox/wallet/abc")]
    [InlineData("sandbox/alipay/gateway.do")]
    [InlineData("sandbox/wechat-v3/v3/pay/transactions/id/1?mchid=1")]
    [InlineData("sandbox/api/trades")]
    public async Task No_address_of_it_exists_when_it_is_off(string path)
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.Set("Sandbox:Enabled", "false"));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await http.GetAsync(new Uri(portal.Address, path));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Nothing_offers_to_try_it_when_it_is_off()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.Set("Sandbox:Enabled", "false"));
        Assert.Empty(portal.Services.GetServices<ITryItNow>());
    }

    [Fact]
    public async Task Production_refuses_to_start_with_it()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => PortalFactory.StartAsync(configure: factory => factory
            .InEnvironment("Production").Set("Portal:PublicBaseUrl", "https://pay.example.com").Set("Sandbox:Enabled", "true")));
        Assert.Contains("Sandbox:Enabled", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_behind_a_proxy_cannot_pull_its_strings()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var http = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Address, "sandbox/api/trades"));
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Another_sites_page_cannot_pull_its_strings()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var http = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal.Address, "sandbox/next-payment")) { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
