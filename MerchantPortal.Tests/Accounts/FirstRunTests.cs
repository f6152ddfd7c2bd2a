using System.Net;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Accounts;

public sealed class FirstRunTests
{
    private const string Password = "quiet river under the bridge";

    private static readonly NewOwner Owner = new("晨光咖啡", "Asia/Shanghai", 4, "zh-CN", "林晓", "owner@example.com", Password);

    [Theory]
    [InlineData("/")]
    [InlineData("/orders")]
    [InlineData("/account/sign-in")]
    public async Task Nothing_works_before_there_is_an_owner(string path)
    {
        using var portal = await PortalFactory.StartAsync();
        using var client = new PortalClient(portal.Address);
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.EndsWith("/setup", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_set_up_link_makes_the_shop_and_signs_its_owner_in_once()
    {
        using var portal = await PortalFactory.StartAsync();
        var link = $"/setup?token={portal.Get<SetupToken>().Issue()}";
        using var client = new PortalClient(portal.Address);
        using var created = await client.SubmitAsync(link, "setup", Fields());
        Assert.Equal(HttpStatusCode.Redirect, created.StatusCode);
        Assert.Contains("晨光咖啡", await client.ReadAsync("/"), StringComparison.Ordinal);
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        Assert.Equal(("Asia/Shanghai", 4, "zh-CN"), (store.TimeZone, store.DayStartsAtHour, store.Language));

        using var second = new PortalClient(portal.Address);
        Assert.DoesNotContain("Input.Password", await second.ReadAsync(link), StringComparison.Ordinal);
        Assert.Equal(1, await portal.ReadAsync(db => db.Users.CountAsync()));
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_link_shows_no_form(string path)
    {
        using var portal = await PortalFactory.StartAsync();
        using var client = new PortalClient(portal.Address);
        Assert.DoesNotContain("Input.Password", await client.ReadAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_posted_with_a_link_that_has_become_void_writes_nothing()
    {
        using var portal = await PortalFactory.StartAsync();
        var link = $"/setup?token={portal.Get<SetupToken>().Issue()}";
        using var client = new PortalClient(portal.Address);
        var html = await client.ReadAsync(link);
        Assert.Contains("Input.Password", html, StringComparison.Ordinal);
        var fields = Fields();
        fields["_handler"] = "setup";
        fields["__RequestVerificationToken"] = html.Split("__RequestVerificationToken\" value=\"")[^1].Split('"')[0];
        portal.Get<SetupToken>().Issue();
        using var posted = await client.PostAsync(link, fields);
        Assert.Equal(0, await portal.ReadAsync(db => db.Users.CountAsync()));
    }

    [Fact]
    public async Task A_weak_password_is_refused_with_its_reason()
    {
        using var portal = await PortalFactory.StartAsync();
        var fields = Fields();
        fields["Input.Password"] = "password1234";
        using var client = new PortalClient(portal.Address);
        using var response = await client.SubmitAsync($"/setup?token={portal.Get<SetupToken>().Issue()}", "setup", fields);
        Assert.Contains("该密码属于常见密码", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await portal.ReadAsync(db => db.Stores.CountAsync()));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Of_many_that_set_up_at_once_one_becomes_the_owner(DatabaseProvider provider)
    {
        using var portal = await PortalFactory.StartAsync(provider);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            portal.Get<CreateOwner>().ExecuteAsync(Owner with { Email = $"owner{i}@example.com" }, CancellationToken.None)));
        Assert.Single(results.OfType<CreateOwnerResult.Created>());
        Assert.Equal(7, results.OfType<CreateOwnerResult.AlreadyOwned>().Count());
        Assert.Equal(1, await portal.ReadAsync(db => db.Users.CountAsync()));
    }

    [Fact]
    public async Task Bootstrap_settings_make_owner_store_and_key_and_are_ignored_afterwards()
    {
        using var portal = await PortalFactory.StartAsync(configure: factory => factory
            .Set("Bootstrap:OwnerEmail", "owner@example.com").Set("Bootstrap:OwnerPassword", Password)
            .Set("Bootstrap:StoreName", "晨光咖啡").Set("Bootstrap:ApiKey", "mp_test_0123456789abcdef"));
        var key = await portal.ReadAsync(db => db.ApiKeys.SingleAsync());
        Assert.Equal(("mp_test_", "*"), (key.Prefix, key.Scopes));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes("mp_test_0123456789abcdef")), key.Hash);
        Assert.Equal("晨光咖啡", (await portal.ReadAsync(db => db.Stores.SingleAsync())).Name);
        Assert.IsType<CreateOwnerResult.AlreadyOwned>(await portal.Get<CreateOwner>().ExecuteAsync(Owner, CancellationToken.None));

        using var client = new PortalClient(portal.Address);
        using var signedIn = await client.SignInAsync("owner@example.com", Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Fact]
    public async Task Bootstrap_settings_that_cannot_be_used_stop_the_start() =>
        Assert.Contains("password_too_short", (await Assert.ThrowsAsync<InvalidOperationException>(() => PortalFactory.StartAsync(configure: factory => factory
            .Set("Bootstrap:OwnerEmail", "owner@example.com").Set("Bootstrap:OwnerPassword", "short")))).Message, StringComparison.Ordinal);

    private static Dictionary<string, string> Fields() => new()
    {
        ["Input.StoreName"] = Owner.StoreName,
        ["Input.TimeZone"] = Owner.TimeZone,
        ["Input.DayStartsAtHour"] = "4",
        ["Input.Language"] = Owner.Language,
        ["Input.DisplayName"] = Owner.DisplayName,
        ["Input.Email"] = Owner.Email,
        ["Input.Password"] = Owner.Password,
    };
}
