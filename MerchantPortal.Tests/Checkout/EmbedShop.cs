using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Sandbox;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Checkout;

/// <summary>A shop on a server of its own, with the payment button on its pages, beside a portal with the sandbox.</summary>
internal sealed partial class EmbedShop : IAsyncDisposable
{
    private readonly WebApplication _shop;

    private EmbedShop(WebApplication shop, SandboxShop sandbox) => (_shop, Sandbox) = (shop, sandbox);

    public SandboxShop Sandbox { get; }

    public PortalFactory Portal => Sandbox.Portal;

    /// <summary>Another origin than the portal's.</summary>
    public Uri Address => new(_shop.Urls.First());

    public string PortalOrigin => Portal.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>What README says that a shop's policy must contain, and nothing else.</summary>
    public string StrictPolicy => $"default-src 'none'; script-src {PortalOrigin}; frame-src {PortalOrigin}";

    /// <summary>Path → content type, policy, body.</summary>
    private Dictionary<string, (string ContentType, string Policy, string Body)> Files { get; } = [];

    public static async Task<EmbedShop> OpenAsync(bool isAllowed = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var shop = new EmbedShop(server, await SandboxShop.OpenAsync());
        server.Run(shop.AnswerAsync);
        await server.StartAsync();
        if (isAllowed)
        {
            await shop.AllowAsync(shop.Address.GetLeftPart(UriPartial.Authority));
        }

        return shop;
    }

    public Task AllowAsync(params string[] origins) => Portal.WriteAsync(db => db.Stores.Single().EmbedOrigins = origins);

    public void Put(string path, string body, string contentType = "text/html", string? policy = null) =>
        Files[path] = (contentType, policy ?? StrictPolicy, body);

    /// <summary>A page of the shop with these elements and the script tag.</summary>
    public string PageWith(string elements, string head = "") => $"""
        <!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>山茶小铺</title>{head}<script async src="{PortalOrigin}/embed/checkout.js"></script></head>
        <body><main><h1>购物车</h1>{elements}</main></body></html>
        """;

    public string CheckoutUrl(Order order) => $"{PortalOrigin}/pay/{order.CheckoutToken}";

    /// <summary>Where the buyer's wallet would be led by the newest code of the order.</summary>
    public async Task<OpenTrade> ScanAsync(Order order)
    {
        var attempt = await Portal.ReadAsync(db => db.Attempts.AsNoTracking().Where(row => row.OrderId == order.Id).OrderByDescending(row => row.Id).FirstAsync());
        var prompt = System.Text.Json.JsonSerializer.Deserialize<PaymentPrompt>(attempt.PromptJson ?? "null") ?? throw new InvalidOperationException("No prompt.");
        return new OpenTrade(order, attempt, new Uri(prompt.CodeUrl ?? throw new InvalidOperationException("No code.")));
    }

    /// <summary>Opens a page of the shop and waits for the button's script.</summary>
    /// <returns>The tab, which writes down every event of the button in <c>window.heard</c>.</returns>
    public async Task<Tab> VisitAsync(Browser browser, string path = "/", int width = 1280, bool dark = false, string? userAgent = null, string locale = "zh-CN")
    {
        var tab = await browser.OpenAsync(Address, locale, width, dark, userAgent: userAgent ?? (width < 600 ? CheckoutShop.Phone : CheckoutShop.Desktop));
        await tab.Page.GotoAsync(path);
        await tab.Page.WaitForFunctionAsync("() => window.MerchantPortal && window.MerchantPortal.version === 1");
        await tab.Page.EvaluateAsync("""
            () => {
              window.heard = [];
              for (const type of ['ready', 'status', 'paid', 'close', 'blocked', 'redirect']) {
                document.addEventListener('merchant-portal:' + type, (event) => window.heard.push(event.detail));
              }
            }
            """);
        return tab;
    }

    /// <summary>The inline script of README that keeps what is pressed before the button's own script has come.</summary>
    public static async Task<string> ReadmeStubAsync() =>
        Stub().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))) is { Success: true } stub
            ? stub.Groups[1].Value
            : throw new InvalidOperationException("README.md shows no stub.");

    public static IFrameLocator Frame(Tab tab) => tab.Page.FrameLocator("merchant-portal-checkout iframe");

    public static ILocator Dialog(Tab tab) => tab.Page.Locator("merchant-portal-checkout dialog");

    public static Task HeardAsync(Tab tab, string type) =>
        tab.Page.WaitForFunctionAsync("(type) => window.heard.some((event) => event.type === type)", type);

    public static Task<string[]> HeardAsync(Tab tab) => tab.Page.EvaluateAsync<string[]>("() => window.heard.map((event) => event.status ? event.type + ' ' + event.status : event.type)");

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext http)
    {
        if (!Files.TryGetValue(http.Request.Path, out var file))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.ContentType = $"{file.ContentType}; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = file.Policy;
        return http.Response.WriteAsync(file.Body);
    }

    [GeneratedRegex(@"<script>\s*(window\.MerchantPortal = .*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Stub();
}
