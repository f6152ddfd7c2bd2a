using MerchantPortal.Accounts;

namespace MerchantPortal.Tests.Accounts;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/orders?status=paid&q=a%20b")]
    public void An_address_inside_the_portal_is_followed(string url) => Assert.Equal(url, LocalUrl.OrRoot(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("orders")]
    [InlineData("/\tevil")]
    public void Any_other_leads_home(string? url) => Assert.Equal("/", LocalUrl.OrRoot(url));
}
