using System.Diagnostics;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// Debian's Chromium, driven by Playwright. Every tab notes console errors, failed requests and requests to another host;
/// <see cref="Tab.AssertClean"/> says whether there were any.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    static Browser() => SetDefaultExpectTimeout(Milliseconds);

    private static float Milliseconds => (float)Patience.Limit.TotalMilliseconds;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var executable = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed. Run MerchantPortal.Tests/run.sh, or: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Timeout = 4 * Milliseconds,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }

    /// <summary>A tab in a profile of its own.</summary>
    /// <param name="width">CSS pixels; below 600 the tab also says that it is a phone.</param>
    public async Task<Tab> OpenAsync(Uri address, string locale = "zh-CN", int width = 1280, bool dark = false, bool script = true, string? userAgent = null)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            Locale = locale,
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new() { Width = width, Height = width < 600 ? 844 : 900 },
            HasTouch = width < 600,
            IsMobile = width < 600,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = script,
            UserAgent = userAgent,
        });
        context.SetDefaultTimeout(Milliseconds);
        return new Tab(await context.NewPageAsync(), address);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <remarks>
/// A test waits for what the page itself says, with expectations that try again. For an address that is <c>ToHaveURLAsync</c>:
/// <c>WaitForURLAsync</c> first looks and then listens, and a navigation in between is never heard of.
/// </remarks>
public sealed partial class Tab
{
    private readonly List<string> _faults = [];

    internal Tab(IPage page, Uri address)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _faults.Add($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => _faults.Add($"script: {error}");
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (url.Scheme is "http" or "https" or "ws" or "wss" && url.Host != address.Host)
            {
                _faults.Add($"foreign request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Opens a page of the console and waits until it answers.</summary>
    public async Task<IResponse?> VisitAsync(string path)
    {
        var response = await Page.GotoAsync(path);
        await InteractiveAsync();
        return response;
    }

    /// <summary>Until the circuit has taken over, with the page's title and with what the page had to read: before, a press may be lost.</summary>
    public async Task InteractiveAsync()
    {
        await Expect(Page.Locator(".frame[data-live=yes]")).ToBeVisibleAsync();
        await Expect(Page).ToHaveTitleAsync(SomeTitle());
        await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    /// <summary>No console error, no script error, no request to another host so far.</summary>
    public void AssertClean() => Assert.True(_faults.Count == 0, string.Join('\n', _faults));

    /// <summary>No accessibility violation of serious or critical level on the page as it stands.</summary>
    public async Task AssertAccessibleAsync()
    {
        var violations = await FindViolationsAsync();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    /// <summary>Accessibility violations of serious or critical level on the page as it stands, one sentence each.</summary>
    public async Task<IReadOnlyList<string>> FindViolationsAsync() =>
    [
        .. (await Page.RunAxe()).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help} → {string.Join(" | ", violation.Nodes.Take(4).Select(node => node.Html))}"),
    ];

    /// <summary>What <see cref="AssertClean"/> would complain of, forgotten by asking.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        string[] faults = [.. _faults];
        _faults.Clear();
        return faults;
    }

    /// <summary>Reads the QR code on the page as a phone would: from its pixels.</summary>
    public async Task<string> ReadQrCodeAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"qr-{Guid.NewGuid():N}.png");
        await Page.ScreenshotAsync(new() { Path = file });
        try
        {
            var start = new ProcessStartInfo("zbarimg", ["--quiet", "--raw", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start) ?? throw new InvalidOperationException("Cannot start zbarimg. Install zbar-tools.");
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.False(string.IsNullOrWhiteSpace(text), $"No QR code can be read on {Page.Url}.");
            return text.Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"\S")]
    private static partial Regex SomeTitle();
}
