using System.Text.Json.Nodes;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Api;

/// <summary>Many orders at once: pages, filters, and the stream of what happens to them.</summary>
public sealed class OrderListsApiTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Lists_page_without_gap_and_refuse_what_they_did_not_give(DatabaseProvider provider)
    {
        await using var shop = await ApiShop.OpenAsync(provider);
        var numbers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            numbers.Add(await shop.PlaceAsync());
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await shop.GetAsync($"/orders?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Must(200);
            seen.AddRange(page["items"]!.AsArray().Select(order => (string)order!["number"]!));
            cursor = (string?)page["next_cursor"];
            Assert.True(seen.Count <= 7);
        }
        while (cursor is not null);

        Assert.Equal(numbers.AsEnumerable().Reverse(), seen);
        var good = (string)(await shop.GetAsync("/orders?limit=1")).Must(200)["next_cursor"]!;
        var other = await shop.OtherStoreAsync();
        (await other.GetAsync($"/orders?cursor={good}")).MustFail(400, "cursor_invalid");
        (await shop.GetAsync($"/products?cursor={good}")).MustFail(400, "cursor_invalid");
        foreach (var forged in new[] { "x", "", good[..^1], good + "A", (good[0] == 'A' ? "B" : "A") + good[1..], "%00", Guid.NewGuid().ToString() })
        {
            (await shop.GetAsync($"/orders?cursor={forged}")).MustFail(400, "cursor_invalid");
        }

        foreach (var limit in new[] { "0", "-1", "201", "1000000000", "x", "1.5", "" })
        {
            (await shop.GetAsync($"/orders?limit={limit}")).MustFail(400, "limit_invalid");
        }
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_wrong_ones_are_refused()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        var closed = await shop.PlaceAsync();
        await shop.PostAsync($"/orders/{closed}/close");

        Assert.Equal([number], await NumbersAsync("status=pending"));
        Assert.Equal([closed], await NumbersAsync("status=closed,refunded"));
        Assert.Equal([closed], await NumbersAsync($"q={closed}"));
        Assert.Empty(await NumbersAsync("q=%25"));
        Assert.Empty(await NumbersAsync("channel=fake"));
        Assert.Equal(2, (await NumbersAsync("from=2020-01-01T00:00:00Z")).Length);
        Assert.Empty(await NumbersAsync("to=2020-01-01T00:00:00%2B08:00"));
        (await shop.GetAsync("/orders?status=lost")).MustFail(400, "status_invalid");
        (await shop.GetAsync("/orders?from=yesterday")).MustFail(400, "time_invalid");
        (await shop.GetAsync("/orders?from=2020-01-01T00:00:00")).MustFail(400, "time_invalid");
        (await shop.GetAsync($"/orders?q={new string('a', 300)}")).MustFail(400, "q_too_long");

        async Task<string[]> NumbersAsync(string query) =>
            [.. (await shop.GetAsync($"/orders?{query}")).Must(200)["items"]!.AsArray().Select(order => (string)order!["number"]!)];
    }

    [Fact]
    public async Task Events_resume_after_the_last_number_without_a_gap()
    {
        await using var shop = await ApiShop.OpenAsync();
        var number = await shop.PlaceAsync();
        await shop.StartAsync(number);

        var first = await EventsAsync(shop, lastEventId: "0", count: 2);
        var rest = shop.PlaceAsync();
        var resumed = await EventsAsync(shop, lastEventId: "2", count: 2);
        await rest;

        Assert.Equal([1, 2], first.Select(entry => entry.Id));
        Assert.Equal([3, 4], resumed.Select(entry => entry.Id));
        Assert.Equal((number, "pending", "order_created"), ((string)first[0].Data["number"]!, (string)first[0].Data["status"]!, (string)first[0].Data["kind"]!));
        using var request = EventsRequest(shop, "x");
        using var response = await shop.Http.SendAsync(request);
        (await ApiReply.ReadAsync(response)).MustFail(400, "last_event_id_invalid");
    }

    private static HttpRequestMessage EventsRequest(ApiShop shop, string lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/orders/events");
        request.Headers.Authorization = new("Bearer", shop.Key);
        request.Headers.Add("Last-Event-ID", lastEventId);
        return request;
    }

    private static async Task<List<(long Id, JsonObject Data)>> EventsAsync(ApiShop shop, string lastEventId, int count)
    {
        using var timeout = new CancellationTokenSource(Patience.Limit);
        using var request = EventsRequest(shop, lastEventId);
        using var response = await shop.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(timeout.Token));
        var events = new List<(long, JsonObject)>();
        long id = 0;
        while (events.Count < count && await reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = long.Parse(line.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((id, JsonNode.Parse(line[6..])!.AsObject()));
            }
        }

        return events;
    }
}
