namespace MerchantPortal.Checkout;

/// <summary>Reads a User-Agent. A wrong guess shows a less fitting way to pay, never a wrong amount.</summary>
public static class BuyerAgent
{
    private static readonly string[] Phones = ["Android", "iPhone", "iPod", "Mobile", "HarmonyOS", "OpenHarmony"];

    // Link previews and crawlers look at a page without a buyer: they must not make a payment attempt.
    private static readonly string[] Bots =
    [
        "bot", "spider", "crawl", "slurp", "preview", "facebookexternalhit", "WhatsApp/", "curl/", "Wget/", "python-requests", "Go-http-client",
    ];

    public static BuyerDevice DeviceOf(string? userAgent) =>
        Has(userAgent, "MicroMessenger") ? (Has(userAgent, "WindowsWechat") || Has(userAgent, "MacWechat") ? BuyerDevice.Desktop : BuyerDevice.WeChatApp)
        : Has(userAgent, "AlipayClient") ? BuyerDevice.AlipayApp
        : Phones.Any(word => Has(userAgent, word)) ? BuyerDevice.Phone
        : BuyerDevice.Desktop;

    public static bool IsBot(string? userAgent) => string.IsNullOrWhiteSpace(userAgent) || Bots.Any(word => Has(userAgent, word));

    private static bool Has(string? userAgent, string word) => userAgent?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
