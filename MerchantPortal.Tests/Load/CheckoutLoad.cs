using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Checkout;
using MerchantPortal.Tests.Load.Circuits;

namespace MerchantPortal.Tests.Load;

/// <summary>R15: what a buyer's browser has to fetch before the code is there, beside the same page as a circuit. L7: many buyers waiting.</summary>
[Trait("Category", "Load")]
public sealed partial class CheckoutLoad
{
    private const int Waiting = 500;
    private const int PaidPerSecond = 50;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Checkout()
    {
        using var shop = await CheckoutShop.OpenAsync();
        await WeightAsync(shop);
        await WaitingAsync(shop);
        await shop.Portal.AssertInvariantsAsync();
        await _report.SaveAsync();
    }

    private async Task WeightAsync(CheckoutShop shop)
    {
        var order = await shop.PlaceOrderAsync();
        using var buyer = shop.Buyer();
        buyer.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br, gzip");
        var page = $"/pay/{order.CheckoutToken}";
        var (html, bytes) = await FetchAsync(buyer, page);
        Assert.True(CheckoutShop.ShowsCode(html), "The first response has no code.");
        var requests = 1;
        foreach (var asset in Asset().Matches(html).Select(match => match.Groups[1].Value).Distinct())
        {
            var (_, size) = await FetchAsync(buyer, asset);
            _report.Line($"  {asset}: {size} bytes");
            (requests, bytes) = (requests + 1, bytes + size);
        }

        var (_, script) = await FetchAsync(buyer, "/_framework/blazor.web.js");
        var theirs = bytes + script + await SocketBytesAsync(Body().Match(html).Groups[1].Value);
        _report.Line($"checkout: {bytes} bytes in {requests} requests, the code in the first of {html.Length} characters; as a circuit {theirs} bytes, of them script {script}");
        _report.Ratio("R15", bytes, theirs, isAtLeast: false, 0.15);
        _report.Figure("R15-KB", bytes / 1_024.0, isAtLeast: false, 40);
        _report.Figure("R15-requests", requests, isAtLeast: false, 3);
    }

    /// <summary>What goes over the socket until the same markup has been drawn.</summary>
    private static async Task<long> SocketBytesAsync(string markup)
    {
        await using var host = await MarkupHost.StartAsync(markup);
        using var http = new HttpClient(new SocketsHttpHandler());
        await using var circuit = await BlazorCircuit.OpenAsync(http, new CookieContainer(), host.Page, CancellationToken.None);
        return circuit.Bytes;
    }

    private async Task WaitingAsync(CheckoutShop shop)
    {
        using var buyers = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000, UseCookies = false }) { BaseAddress = shop.Portal.Address, Timeout = Timeout.InfiniteTimeSpan };
        buyers.DefaultRequestHeaders.UserAgent.ParseAdd(CheckoutShop.Desktop);
        var orders = new List<Order>();
        for (var i = 0; i < Waiting; i++)
        {
            orders.Add(await shop.PlaceOrderAsync());
            await buyers.GetStringAsync($"/pay/{orders[^1].CheckoutToken}");
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var waiting = orders.ConvertAll(order => new BuyerStream(buyers, order.CheckoutToken, patience.Token));
        await Task.WhenAll(waiting.Select(stream => stream.Open));
        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1_048_576.0;
        var started = Stopwatch.GetTimestamp();
        var paidAt = await Task.WhenAll(orders.Select(async (order, i) =>
        {
            var due = TimeSpan.FromSeconds((double)i / PaidPerSecond) - Stopwatch.GetElapsedTime(started);
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            await shop.PayAsync(order);
            return Stopwatch.GetTimestamp();
        }));
        var shown = await Task.WhenAll(waiting.Select(stream => stream.Paid));
        var latencies = shown.Zip(paidAt, (seen, paid) => Math.Max(0, Stopwatch.GetElapsedTime(paid, seen).TotalMilliseconds)).ToList();
        _report.Line($"L7: {Waiting} waiting pages, {PaidPerSecond} paid/s: visible p50 {Statistics.Median(latencies):0} p99 {Statistics.Percentile(latencies, 0.99):0} max {latencies.Max():0} ms; memory of all waiters, both ends, {memory:0.0} MB");
        _report.Figure("L7-p99-ms", Statistics.Percentile(latencies, 0.99), isAtLeast: false, 1_500);
        _report.Figure("L7-MB", memory, isAtLeast: false, 60);
    }

    private static async Task<(string Text, long Bytes)> FetchAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return (answer.Content.Headers.ContentEncoding.Count > 0 ? "" : System.Text.Encoding.UTF8.GetString(bytes), bytes.Length);
    }

    [GeneratedRegex("(?:<link rel=\"stylesheet\" href|<script src|<img[^>]* src)=\"(/[^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("<body[^>]*>(.*)</body>", RegexOptions.Singleline)]
    private static partial Regex Body();
}
