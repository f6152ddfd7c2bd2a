using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace MerchantPortal.Tests.Checkout;

/// <summary>Who may show the checkout inside a page of theirs, and what the script that does it is served with.</summary>
public sealed class EmbedHeaderTests
{
    private const string Shop = "https://shop.example";
    private const string Other = "http://localhost:3000";

    [Fact]
    public async Task Only_the_embedded_page_of_a_store_with_origins_may_be_framed_and_only_by_these()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await AllowAsync(shop, Shop, Other);
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";

        using var framed = await buyer.GetAsync($"{page}?embed=1&origin={Uri.EscapeDataString(Shop)}");
        Assert.EndsWith($"; frame-ancestors {Shop} {Other}", Policy(framed), StringComparison.Ordinal);
        Assert.False(framed.Headers.Contains("X-Frame-Options"));
        Assert.False(framed.Headers.Contains("Set-Cookie"));
        foreach (var path in new[] { page, $"{page}?embed=0", $"{page}/return?embed=1", $"{page}/status?embed=1", "/pay/AAAAAAAAAAAAAAAAAAAAAA?embed=1" })
        {
            using var answer = await buyer.GetAsync(path);
            Assert.EndsWith("; frame-ancestors 'none'", Policy(answer), StringComparison.Ordinal);
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        }
    }

    [Fact]
    public async Task A_store_that_allows_nobody_is_framed_by_nobody()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();

        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}?embed=1&origin={Uri.EscapeDataString(Shop)}");

        Assert.EndsWith("; frame-ancestors 'none'", Policy(answer), StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
    }

    [Theory]
    [InlineData(Shop, Shop)]
    [InlineData("HTTPS://SHOP.EXAMPLE", Shop)]
    [InlineData("https://evil.example", null)]
    [InlineData("https://shop.example.evil.example", null)]
    [InlineData("*", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("https://shop.example\" onload=\"x", null)]
    public async Task Messages_go_to_an_allowed_origin_or_nowhere(string asked, string? told)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await AllowAsync(shop, Shop);
        using var buyer = shop.Buyer();

        var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}?embed=1&origin={Uri.EscapeDataString(asked)}");

        Assert.Equal(told, Regex.Match(html, "data-embed-host=\"([^\"]*)\"") is { Success: true } host ? WebUtility.HtmlDecode(host.Groups[1].Value) : null);
    }

    [Fact]
    public async Task Every_step_inside_the_frame_stays_in_it_and_a_gateways_page_opens_in_a_tab()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        await AllowAsync(shop, Shop);
        using var buyer = shop.Buyer();
        var page = $"/pay/{order.CheckoutToken}";
        var frame = $"embed=1&origin={Uri.EscapeDataString(Shop)}";

        await buyer.GetStringAsync($"{page}?{frame}");
        var html = WebUtility.HtmlDecode(await buyer.GetStringAsync($"{page}?{frame}&method=alipay"));

        Assert.Contains($"data-page=\"{page}?{frame}&method=alipay\"", html, StringComparison.Ordinal);
        Assert.Contains($"action=\"{page}/check?{frame}\"", html, StringComparison.Ordinal);
        Assert.Matches($"action=\"{page}/method\"[^>]* target=\"_blank\" rel=\"noopener\"", html);
        using var asked = await buyer.PostAsync($"{page}/check?{frame}", null);
        Assert.Equal($"{page}?{frame}&asked=1", asked.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://shop.example/thanks")]
    public async Task A_paid_page_in_a_frame_still_tells_its_host_and_never_leaves_by_itself(string? returnUrl)
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync(returnUrl: returnUrl);
        await AllowAsync(shop, Shop);
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        await shop.PayAsync(order);

        var html = await buyer.GetStringAsync($"/pay/{order.CheckoutToken}?embed=1&origin={Uri.EscapeDataString(Shop)}");

        Assert.Contains("/js/checkout-frame.js", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-return", html, StringComparison.Ordinal);
        Assert.Matches(returnUrl is null ? "<button [^>]*data-close" : $"<a [^>]*href=\"{returnUrl}\"[^>]* target=\"_top\"", html);
    }

    [Fact]
    public async Task The_script_is_small_for_everybody_and_kept_no_longer_than_an_update_may_wait()
    {
        using var shop = await CheckoutShop.OpenAsync(withAccount: false);
        using var stranger = shop.Buyer();
        stranger.DefaultRequestHeaders.Add("Origin", Shop);

        using var answer = await stranger.GetAsync("/embed/checkout.js");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("cross-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.True(answer.Headers.CacheControl is { Public: true, NoStore: false, MaxAge.TotalMinutes: <= 60 });
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotMatch(@"\beval\b|new Function|innerHTML|\.style\s*=[^=]|setAttribute\('style'", await answer.Content.ReadAsStringAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, "/embed/checkout.js");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag ?? throw new InvalidOperationException("No tag."));
        using var unchanged = await stranger.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Packed_it_is_below_eight_kilobytes_and_the_same_script()
    {
        using var shop = await CheckoutShop.OpenAsync(withAccount: false);
        using var client = shop.Buyer();
        var plain = await client.GetStringAsync("/embed/checkout.js");
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");

        using var answer = await client.GetAsync("/embed/checkout.js");

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        var packed = await answer.Content.ReadAsByteArrayAsync();
        Assert.InRange(packed.Length, 1, 8 * 1024);
        await using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        Assert.Equal(plain, await text.ReadToEndAsync());
    }

    private static Task AllowAsync(CheckoutShop shop, params string[] origins) =>
        shop.Portal.WriteAsync(db => db.Stores.Single(row => row.Id == shop.Store.Id).EmbedOrigins = origins);

    private static string Policy(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
}
