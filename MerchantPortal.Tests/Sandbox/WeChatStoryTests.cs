using System.Collections.Concurrent;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trades;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>A merchant's system over the REST API: order → attempt by each of WeChat's ways → wallet → paid.</summary>
public sealed class WeChatStoryTests
{
    private static readonly string[] Ways = ["h5", "jsapi", "app"];

    [Fact]
    public async Task An_order_is_paid_through_each_way()
    {
        await using var shop = await WeChatApiShop.OpenAsync();
        foreach (var way in Ways)
        {
            var number = await shop.Api.PlaceAsync();
            var attempt = (await shop.StartAsync(number, way)).Must(201);

            var prompt = attempt["prompt"]?.AsObject() ?? throw new InvalidOperationException("No prompt.");
            Assert.Equal(way == "h5" ? "redirect" : way, (string?)prompt["kind"]);
            Assert.Equal(way == "h5", prompt["url"] is not null);
            Assert.Equal("pending", await shop.StatusAsync(number));

            var paid = await shop.PayAsync(WeChatApiShop.PrepayIdOf(prompt));
            Assert.Equal(("paid", way), ((string?)paid["result"], (string?)paid["trade"]?["product"]));
            Assert.Equal("paid", await shop.StatusAsync(number));
        }

        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("jsapi", "", "openid_missing")]
    [InlineData("h5", "", "client_ip_missing")]
    [InlineData("h5", ""","client_ip":"203.0.113.7, 10.0.0.1" """, "client_ip_invalid")]
    public async Task What_a_way_needs_is_asked_for(string way, string more, string code)
    {
        await using var shop = await WeChatApiShop.OpenAsync();
        (await shop.StartAsync(await shop.Api.PlaceAsync(), way, more)).MustFail(422, code);
    }

    [Theory]
    [InlineData("tamper", "signature_invalid")]
    [InlineData("wrong_key", "signature_invalid")]
    [InlineData("wrong_amount", "amount_mismatch")]
    public async Task A_forged_or_contradicting_message_pays_no_jsapi_order(string fault, string reason)
    {
        await using var shop = await WeChatApiShop.OpenAsync();
        var number = await shop.Api.PlaceAsync();
        var attempt = (await shop.StartAsync(number, "jsapi")).Must(201);

        await shop.PayAsync(WeChatApiShop.PrepayIdOf(attempt["prompt"]), fault);

        Assert.Equal("pending", await shop.StatusAsync(number));
        var callback = await shop.OnlyCallbackAsync();
        Assert.Equal(reason, (string?)callback["reason"]);
        var replayed = (await shop.Api.PostAsync($"/callbacks/{callback["id"]}/replay", """{"dry_run":true,"reason":""}""")).Must(200);
        Assert.NotEqual("applied", (string?)replayed["outcome"]);

        Assert.Equal("paid", (string?)(await shop.Api.PostAsync($"/orders/{number}/query")).Must(200)["status"]);
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("duplicate:5", "paid", 0)]
    [InlineData("pay_twice", "paid", 1)]
    public async Task An_app_order_that_is_told_or_paid_more_than_once_counts_once(string fault, string status, int flags)
    {
        await using var shop = await WeChatApiShop.OpenAsync();
        var number = await shop.Api.PlaceAsync();
        var attempt = (await shop.StartAsync(number, "app")).Must(201);

        await shop.PayAsync(WeChatApiShop.PrepayIdOf(attempt["prompt"]), fault);

        var order = (await shop.Api.GetAsync($"/orders/{number}")).Must(200);
        Assert.Equal((status, flags), ((string?)order["status"], order["flags"]?.AsArray().Count));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_visitor_is_identified_by_a_code_that_is_good_once_and_no_log_holds_code_or_secret()
    {
        var log = new EveryLine();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.ConfigureServices(services =>
            services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter<EveryLine>(null, LogLevel.Trace))));
        var payer = Assert.IsAssignableFrom<IPayerIdentification>(await shop.ChannelAsync());
        Assert.True(payer.CanIdentify);

        var code = await shop.AuthorizeAsync(payer, "pay/t/wechat?x=1", "abc123");
        Assert.Equal(new PayerIdentity.Known(SandboxNumbers.OpenId), await payer.IdentifyAsync(code, CancellationToken.None));
        Assert.Equal("40163", Assert.IsType<PayerIdentity.Refused>(await payer.IdentifyAsync(code, CancellationToken.None)).Code);
        Assert.Equal("40029", Assert.IsType<PayerIdentity.Refused>(await payer.IdentifyAsync("0none", CancellationToken.None)).Code);

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines.Where(line => !line.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)), line =>
            line.Contains(shop.AppSecret, StringComparison.Ordinal) || line.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sandbox_sends_browsers_to_the_portal_only()
    {
        await using var shop = await WeChatApiShop.OpenAsync();
        var payer = Assert.IsAssignableFrom<IPayerIdentification>(await shop.ChannelAsync());
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await http.GetAsync(payer.AuthorizeUrl(new Uri("https://evil.example/"), "a"));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_account_without_the_secret_identifies_nobody()
    {
        await using var shop = await WeChatApiShop.OpenAsync(form: form => form.Remove("app_secret"));
        Assert.False(Assert.IsAssignableFrom<IPayerIdentification>(await shop.ChannelAsync()).CanIdentify);
    }

    private sealed class EveryLine : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => new Named(_lines, categoryName);

        public void Dispose()
        {
        }

        private sealed class Named(ConcurrentQueue<string> lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{category} {formatter(state, exception)} {exception}");
        }
    }
}
