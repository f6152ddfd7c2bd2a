using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Accounts;

public sealed class SessionTests : IAsyncLifetime
{
    private const string Email = "owner@example.com";
    private const string Password = "quiet river under the bridge";

    private readonly FakeTimeProvider _time = new();
    private PortalFactory _portal = null!;

    public async Task InitializeAsync()
    {
        _portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_time));
        await _portal.Get<CreateOwner>().ExecuteAsync(
            new NewOwner("晨光咖啡", "Asia/Shanghai", 0, "zh-CN", "林晓", Email, Password), CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        _portal.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("/", "%2F")]
    [InlineData("/orders?status=paid", "%2Forders%3Fstatus%3Dpaid")]
    public async Task Who_is_not_signed_in_is_sent_to_sign_in_and_back(string path, string returnUrl)
    {
        using var client = new PortalClient(_portal.Address);
        using var response = await client.GetAsync(path);
        Assert.EndsWith($"/account/sign-in?returnUrl={returnUrl}", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_is_refused_before_sign_in()
    {
        using var client = new PortalClient(_portal.Address);
        using var response = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", []);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_person_signs_in_works_and_signs_out()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync(Email, Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Contains("林晓", await client.ReadAsync("/"), StringComparison.Ordinal);

        using var signedOut = await client.SubmitAsync("/", "/account/sign-out", []);
        using var after = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task Signing_out_needs_the_form_s_token()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync(Email, Password);
        using var forged = await client.PostAsync("/account/sign-out", new() { ["returnUrl"] = "/" });
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var still = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task Unknown_wrong_and_locked_out_read_the_same()
    {
        using var client = new PortalClient(_portal.Address);
        var unknown = await RefusalAsync(client, "nobody@example.com", Password);
        var wrong = await RefusalAsync(client, Email, "not the password");
        for (var i = 0; i < 8; i++)
        {
            await RefusalAsync(client, Email, "not the password");
        }

        Assert.True((await _portal.ReadAsync(db => db.Users.SingleAsync())).LockoutEnd > DateTimeOffset.UnixEpoch);
        var locked = await RefusalAsync(client, Email, Password);
        Assert.Equal(unknown, wrong);
        Assert.Equal(unknown, locked);
    }

    [Fact]
    public async Task A_session_ends_after_half_an_hour_without_a_request()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync(Email, Password);
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(client, "/account/alive"));
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(client, "/account/alive"));
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(client, "/account/alive"));
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_however_busy()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync(Email, Password);
        for (var minutes = 0; minutes < (12 * 60) - 20; minutes += 20)
        {
            _time.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(client, "/account/alive"));
        }

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(client, "/account/alive"));
    }

    [Fact]
    public async Task Changing_the_password_ends_every_other_session()
    {
        using var here = new PortalClient(_portal.Address);
        using var elsewhere = new PortalClient(_portal.Address);
        using var first = await here.SignInAsync(Email, Password);
        using var second = await elsewhere.SignInAsync(Email, Password);

        using var changed = await here.SubmitAsync("/account/password", "password", new()
        {
            ["Input.Current"] = Password,
            ["Input.Next"] = "another river, another bridge",
        });
        Assert.Contains("密码已修改", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(here, "/account/alive"));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(elsewhere, "/account/alive"));
    }

    [Fact]
    public async Task A_password_is_not_changed_without_the_current_one()
    {
        using var client = new PortalClient(_portal.Address);
        using var signedIn = await client.SignInAsync(Email, Password);
        using var answer = await client.SubmitAsync("/account/password", "password", new()
        {
            ["Input.Current"] = "not the password",
            ["Input.Next"] = "another river, another bridge",
        });
        Assert.Contains("当前密码不正确", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = new PortalClient(_portal.Address);
        using var old = await other.SignInAsync(Email, Password);
        Assert.Equal(HttpStatusCode.Redirect, old.StatusCode);
    }

    private static async Task<string> RefusalAsync(PortalClient client, string email, string password)
    {
        using var response = await client.SignInAsync(email, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var html = await response.Content.ReadAsStringAsync();
        return html.Split("role=\"alert\">")[1].Split('<')[0];
    }

    private static async Task<HttpStatusCode> StatusAsync(PortalClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode;
    }
}
