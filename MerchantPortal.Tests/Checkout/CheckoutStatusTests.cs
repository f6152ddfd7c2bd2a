using System.Net;
using System.Text.Json;
using MerchantPortal.Checkout;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Checkout;

/// <summary>How a waiting page learns what has become of its order.</summary>
public sealed class CheckoutStatusTests
{
    [Fact]
    public async Task Status_answers_304_until_something_changes()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        var address = $"/pay/{order.CheckoutToken}/status";

        using var first = await buyer.GetAsync(address);
        using var body = JsonDocument.Parse(await first.Content.ReadAsStringAsync());
        Assert.Equal("pending", body.RootElement.GetProperty("status").GetString());
        Assert.Equal("waiting", body.RootElement.GetProperty("state").GetString());
        Assert.Equal("prompted", body.RootElement.GetProperty("attempt_status").GetString());
        Assert.Equal(order.ExpiresAt.ToUnixTimeMilliseconds(), body.RootElement.GetProperty("expires_at").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.True(body.RootElement.TryGetProperty("server_time", out _));

        buyer.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag ?? throw new InvalidOperationException("No ETag."));
        using var same = await buyer.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        await shop.PayAsync(order);
        using var changed = await buyer.GetAsync(address);
        using var paid = JsonDocument.Parse(await changed.Content.ReadAsStringAsync());
        Assert.Equal("paid", paid.RootElement.GetProperty("status").GetString());
        Assert.NotEqual(JsonValueKind.Null, paid.RootElement.GetProperty("paid_at").ValueKind);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Events_deliver_paid_before_a_second_has_passed_and_end(DatabaseProvider provider)
    {
        // On a clock that stands still nothing but the signal can bring it.
        using var shop = await CheckoutShop.OpenAsync(standingClock: true, provider: provider);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        await buyer.GetStringAsync($"/pay/{order.CheckoutToken}");
        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("pending", await NextStatusAsync(lines));

        await shop.PayAsync(order);
        Assert.Equal("paid", await NextStatusAsync(lines).WaitAsync(Patience.Limit));
        Assert.Null(await NextStatusAsync(lines));
    }

    [Fact]
    public async Task Events_tell_of_expiry_though_no_row_changes()
    {
        using var shop = await CheckoutShop.OpenAsync(standingClock: true);
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        using var answer = await buyer.GetAsync($"/pay/{order.CheckoutToken}/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("waiting", await NextAsync(lines, "state"));

        var next = NextAsync(lines, "state");
        while (!next.IsCompleted)
        {
            shop.Clock?.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal("expired", await next);
        Assert.Null(await NextAsync(lines, "state"));
    }

    [Fact]
    public async Task Beyond_five_streams_for_one_order_the_next_is_told_to_poll()
    {
        using var shop = await CheckoutShop.OpenAsync();
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < CheckoutStreams.MaxPerOrder; i++)
        {
            streams.Add(await buyer.GetAsync($"/pay/{order.CheckoutToken}/events", HttpCompletionOption.ResponseHeadersRead));
        }

        using var refused = await buyer.GetAsync($"/pay/{order.CheckoutToken}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        streams.ForEach(stream => stream.Dispose());
    }

    private static Task<string?> NextStatusAsync(StreamReader lines) => NextAsync(lines, "status");

    /// <returns>Null when the stream has ended.</returns>
    private static async Task<string?> NextAsync(StreamReader lines, string property)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                using var json = JsonDocument.Parse(line["data: ".Length..]);
                return json.RootElement.GetProperty(property).GetString();
            }
        }

        return null;
    }
}
