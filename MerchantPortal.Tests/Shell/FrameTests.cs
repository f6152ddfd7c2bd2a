using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Shell;

public sealed class FrameTests : IAsyncLifetime
{
    private PortalFactory _portal = null!;

    public async Task InitializeAsync()
    {
        _portal = await PortalFactory.StartAsync();
        await _portal.Get<CreateOwner>().ExecuteAsync(
            new NewOwner("晨光咖啡", "Asia/Shanghai", 0, "zh-CN", "林晓", "owner@example.com", "quiet river under the bridge"), CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        _portal.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/setup")]
    [InlineData("/css/app.css")]
    [InlineData("/health/live")]
    public async Task Every_answer_tells_the_browser_what_not_to_do(string path)
    {
        using var client = new PortalClient(_portal.Address);
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_cache_keeps_a_page_of_the_console()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync("owner@example.com", "quiet river under the bridge");
        using var page = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_says_one_word_to_anybody(string path)
    {
        using var client = new PortalClient(_portal.Address);
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9", "登录")]
    [InlineData("en-GB,en;q=0.9", "Sign in")]
    [InlineData("fr-FR,fr;q=0.9", "登录")]
    public async Task Before_sign_in_the_browser_s_language_counts(string accepted, string shown)
    {
        using var client = new PortalClient(_portal.Address, accepted);
        Assert.Contains($"<h1>{shown}</h1>", await client.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chosen_language_stays()
    {
        using var client = new PortalClient(_portal.Address);
        using var chosen = await client.SubmitAsync("/account/sign-in", "/account/language", new() { ["culture"] = "en" });
        Assert.Equal("/account/sign-in", chosen.Headers.Location?.OriginalString);
        Assert.Contains("<h1>Sign in</h1>", await client.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_s_language_counts_for_a_person_who_chose_none()
    {
        using var client = new PortalClient(_portal.Address, "en");
        using var signedIn = await client.SignInAsync("owner@example.com", "quiet river under the bridge");
        Assert.Contains("lang=\"zh-CN\"", await client.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_theme_is_there_in_the_first_bytes()
    {
        using var client = new PortalClient(_portal.Address);
        client.Cookies.Add(_portal.Address, new Cookie("theme", "dark"));
        Assert.Contains("data-theme=\"dark\"", await client.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
        client.Cookies.Add(_portal.Address, new Cookie("theme", "x%22onload"));
        Assert.DoesNotContain("onload", await client.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_to_people_and_a_bare_status_to_programs()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync("owner@example.com", "quiet river under the bridge");
        using var page = await client.GetAsync("/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("页面不存在", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var program = await client.PostAsync("/notify/wechat-v3/00000000000000000000000000000000", []);
        Assert.Equal(HttpStatusCode.NotFound, program.StatusCode);
        Assert.DoesNotContain("<html", await program.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
