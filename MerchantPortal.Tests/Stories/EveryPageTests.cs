using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Stories;

/// <summary>
/// Every page in both languages, wide and narrow, light and dark: nothing on the console, no request to another host, no serious
/// accessibility violation, nothing wider than the screen. With <c>PORTAL_SCREENSHOTS</c> set to a folder it keeps the pictures.
/// </summary>
public sealed class EveryPageTests(EveryPageTests.Shop shop) : IClassFixture<EveryPageTests.Shop>
{
    /// <summary>What makes a page scroll sideways; empty when nothing does.</summary>
    private const string FindTooWide = """
        () => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return '';
          return [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > width).slice(-3).map(e => e.outerHTML.slice(0, 120)).join(' | ')
            || document.documentElement.scrollWidth + ' px';
        }
        """;

    [Theory]
    [InlineData("zh-CN", 1280, false)]
    [InlineData("zh-CN", 390, true)]
    [InlineData("en", 1280, true)]
    [InlineData("en", 390, false)]
    public async Task A_page_is_clean_and_accessible(string language, int width, bool dark)
    {
        var tab = await shop.Browser.OpenAsync(shop.Portal.Address, language, width, dark);
        var keeper = new ShopKeeper(tab);
        List<string> faults = [.. await VisitAsync(tab, "sign-in", "/account/sign-in", language, dark)];
        await keeper.SignInAsync();
        await keeper.SpeakAsync(language);
        foreach (var (name, path) in shop.ConsolePages)
        {
            faults.AddRange(await VisitAsync(tab, name, path, language, dark));
        }

        var buyer = await shop.Browser.OpenAsync(shop.Portal.Address, language, width, dark);
        foreach (var (name, path) in shop.BuyerPages)
        {
            faults.AddRange(await VisitAsync(buyer, name, path, language, dark));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task<IReadOnlyList<string>> VisitAsync(Tab tab, string name, string path, string language, bool dark)
    {
        var response = await tab.Page.GotoAsync(path);
        if (await tab.Page.Locator(".frame[data-live]").CountAsync() > 0)
        {
            await tab.InteractiveAsync();
        }

        await ScreenshotAsync(tab, $"{name}.{language}.{(dark ? "dark" : "light")}.{tab.Page.ViewportSize?.Width}");
        var tooWide = await tab.Page.EvaluateAsync<string>(FindTooWide);
        IEnumerable<string> faults =
        [
            .. response?.Status == 200 ? [] : new[] { $"answered {response?.Status}" },
            .. await tab.FindViolationsAsync(),
            .. tooWide.Length == 0 ? [] : new[] { $"wider than the screen: {tooWide}" },
            .. tab.TakeFaults(),
        ];
        return [.. faults.Select(fault => $"{path}: {fault}")];
    }

    private static async Task ScreenshotAsync(Tab tab, string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    /// <summary>A shop with history, an order that waits and one that was refused once.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        private Browser? _browser;
        private PortalFactory? _portal;

        public Browser Browser => _browser ?? throw new InvalidOperationException("Not started.");

        public PortalFactory Portal => _portal ?? throw new InvalidOperationException("Not started.");

        public IReadOnlyList<(string Name, string Path)> ConsolePages { get; private set; } = [];

        public IReadOnlyList<(string Name, string Path)> BuyerPages { get; private set; } = [];

        public async Task InitializeAsync()
        {
            _portal = await PortalFactory.StartAsync(configure: portal => portal
                .Set("Bootstrap:OwnerEmail", ShopKeeper.Email)
                .Set("Bootstrap:OwnerPassword", ShopKeeper.Password)
                .Set("Bootstrap:StoreName", "西湖茶铺"));
            _browser = await Browser.StartAsync();
            await ExampleHistory.MakeAsync(Portal);
            await ExampleHistory.SubscribeAsync(Portal);
            var bills = await ExampleHistory.ReconcileAsync(Portal);
            await ExampleHistory.GiveBackAsync(Portal);
            var paid = await Portal.ReadAsync(db => db.Orders.OrderBy(row => row.Id).Where(row => row.PaidAt != null).Select(row => row.Number).FirstAsync());
            var waiting = await Portal.ReadAsync(db => db.Orders.OrderByDescending(row => row.Id).FirstAsync());
            var callbacks = await Portal.ReadAsync(db => db.Inbox.OrderBy(row => row.Id).Select(row => row.Id).FirstAsync());
            var refused = await Portal.ReadAsync(db => db.RejectedCaptures.OrderBy(row => row.Id).Select(row => row.Id).FirstAsync());
            var account = await Portal.ReadAsync(db => db.ChannelAccounts.OrderBy(row => row.Id).Select(row => row.Id).FirstAsync());
            // One of the messages names another amount, others tell of refunds.
            await Portal.Get<NotificationPump>().WhenQuietAsync(CancellationToken.None).WaitAsync(Patience.Limit);
            var found = await Portal.ReadAsync(db => db.Cases.OrderBy(row => row.Id).FirstAsync());
            var told = await Portal.ReadAsync(db => db.Orders.Where(row => row.Id == found.OrderId).Select(row => row.Number).SingleAsync());
            var givenBack = await Portal.ReadAsync(db => db.Refunds.OrderBy(row => row.Id).Select(row => db.Orders.Single(order => order.Id == row.OrderId).Number).FirstAsync());
            ConsolePages =
            [
                ("cases", "/cases"), ("cases-none", "/cases?kind=LateMoney&owner=me"), ("case", $"/cases?case={found.Id:N}"), ("order-case", $"/orders/{told}"),
                ("overview", "/"), ("orders", "/orders"), ("orders-none", "/orders?q=nothing"), ("order-paid", $"/orders/{paid}"),
                ("order-waiting", $"/orders/{waiting.Number}"), ("products", "/products"), ("callbacks", "/callbacks"), ("callback", $"/callbacks/{callbacks}"),
                ("callback-refused", $"/callbacks/{refused}"), ("settings", "/settings"), ("audit", "/audit"), ("channels", "/settings/channels"),
                ("channel-new", "/settings/channels/new?channel=wechat-v3"), ("channel-new-alipay", "/settings/channels/new?channel=alipay"),
                ("channel-new-mapi", "/settings/channels/new?channel=alipay-mapi"), ("channel", $"/settings/channels/{account}"), ("api-keys", "/settings/api-keys"),
                ("channel-new-beecloud", "/settings/channels/new?channel=beecloud"), ("subscriptions", "/subscriptions"),
                ("reconciliation", "/reconciliation"), ("reconciliation-day", $"/reconciliation/{bills.Today}"), ("reconciliation-sheet", $"/reconciliation/{bills.Closed}/sheet"),
                ("difference", $"/reconciliation/differences/{bills.Difference}"),
                ("store", "/settings/store"), ("password", "/account/password"), ("sandbox", "/sandbox"),
                ("order-refunded", $"/orders/{givenBack}"), ("refunds", "/refunds"), ("refunds-none", "/refunds?tab=trouble&reason=fraud"),
            ];
            BuyerPages = [("checkout", $"/pay/{waiting.CheckoutToken}"), ("checkout-counter", $"/pay/{waiting.CheckoutToken}?display=counter")];
        }

        public async Task DisposeAsync()
        {
            await Browser.DisposeAsync();
            await Portal.DisposeAsync();
        }
    }
}
