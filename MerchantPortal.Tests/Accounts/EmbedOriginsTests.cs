using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Accounts;

/// <summary>Which pages may show a store's checkout: what a person may write there, and what is kept of it.</summary>
public sealed class EmbedOriginsTests
{
    [Theory]
    [InlineData("https://shop.example", "https://shop.example")]
    [InlineData("https://shop.example:8443", "https://shop.example:8443")]
    [InlineData("  HTTPS://Shop.Example:443/ ", "https://shop.example")]
    [InlineData("https://茶铺.中国", "https://xn--cl1av77a.xn--fiqs8s")]
    [InlineData("http://localhost:3000", "http://localhost:3000")]
    [InlineData("http://localhost", "http://localhost")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("https://192.0.2.7", "https://192.0.2.7")]
    public void An_origin_is_kept_as_a_browser_writes_it(string line, string kept) =>
        Assert.Equal([kept], Assert.IsType<EmbedOriginsResult.Valid>(EmbedOrigins.Read(line)).Origins);

    [Theory]
    [InlineData("http://shop.example", "embed_origin_not_https")]
    [InlineData("http://localhost.shop.example", "embed_origin_not_https")]
    [InlineData("https://*.shop.example", "embed_origin_wildcard")]
    [InlineData("*", "embed_origin_wildcard")]
    [InlineData("http://localhost:*", "embed_origin_wildcard")]
    [InlineData("https://shop.example/cart", "embed_origin_more")]
    [InlineData("https://shop.example?x=1", "embed_origin_more")]
    [InlineData("https://shop.example#pay", "embed_origin_more")]
    [InlineData("https://me@shop.example", "embed_origin_more")]
    [InlineData("https://shop.example\\evil", "embed_origin_invalid")]
    [InlineData("shop.example", "embed_origin_invalid")]
    [InlineData("javascript:alert(1)", "embed_origin_invalid")]
    [InlineData("data:text/html,x", "embed_origin_invalid")]
    [InlineData("https:", "embed_origin_invalid")]
    [InlineData("https://", "embed_origin_invalid")]
    [InlineData("https://[::1]:8443", "embed_origin_invalid")]
    [InlineData("https://shop_1.example", "embed_origin_invalid")]
    [InlineData("https://shop.example.", "embed_origin_invalid")]
    [InlineData("https://shop.example; script-src 'unsafe-inline'", "embed_origin_invalid")]
    [InlineData("https://shop.example https://other.example", "embed_origin_invalid")]
    [InlineData("https://shop.example,https://other.example", "embed_origin_invalid")]
    [InlineData("https://shop.example:99999", "embed_origin_invalid")]
    [InlineData("'self'", "embed_origin_invalid")]
    [InlineData("null", "embed_origin_invalid")]
    public void What_is_no_single_safe_origin_is_refused_and_named(string line, string code) =>
        Assert.Equal(new EmbedOriginsResult.Refused(code, line), EmbedOrigins.Read($"https://fine.example\n{line}\n"));

    [Fact]
    public void Empty_lines_and_doubles_do_not_count()
    {
        var origins = Assert.IsType<EmbedOriginsResult.Valid>(EmbedOrigins.Read("\r\nhttps://a.example\r\n\r\n https://A.example/ \nhttps://b.example")).Origins;

        Assert.Equal(["https://a.example", "https://b.example"], origins);
        Assert.Empty(Assert.IsType<EmbedOriginsResult.Valid>(EmbedOrigins.Read(null)).Origins);
    }

    [Fact]
    public void Twenty_are_enough()
    {
        static string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(number => $"https://shop{number}.example"));

        Assert.IsType<EmbedOriginsResult.Valid>(EmbedOrigins.Read(Lines(20)));
        Assert.Equal(new EmbedOriginsResult.Refused("embed_origins_too_many", "https://shop21.example"), EmbedOrigins.Read(Lines(21)));
    }

    [Fact]
    public async Task Only_the_actors_own_store_changes_and_only_when_every_line_is_right()
    {
        await using var portal = await PortalFactory.StartAsync();
        Store mine = new() { Name = "茶铺" }, other = new() { Name = "隔壁" };
        await portal.WriteAsync(db => db.Stores.AddRange(mine, other));
        var save = portal.Get<SaveEmbedOrigins>();
        var actor = Actor.System(mine.Id);

        await save.ExecuteAsync("https://shop.example\nhttp://localhost:3000", actor, CancellationToken.None);
        Assert.IsType<EmbedOriginsResult.Refused>(await save.ExecuteAsync("https://new.example\nhttp://plain.example", actor, CancellationToken.None));

        var kept = await portal.ReadAsync(db => db.Stores.AsNoTracking().ToDictionaryAsync(store => store.Id, store => store.EmbedOrigins));
        Assert.Equal(["https://shop.example", "http://localhost:3000"], kept[mine.Id]);
        Assert.Empty(kept[other.Id]);
    }
}
