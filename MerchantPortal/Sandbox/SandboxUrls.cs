using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox;

/// <summary>Addresses of the sandbox's own pages.</summary>
internal static class SandboxUrls
{
    public const string WalletPath = "/sandbox/wallet/";
    public const string CashierPath = "/sandbox/cashier/";

    /// <summary>An address that a notification can be sent to.</summary>
    public static bool IsReachable(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps);

    /// <summary>Something that a phone's camera opens.</summary>
    public static string Wallet(this PortalUrls urls, string code) => new Uri(urls.Base, $"{WalletPath[1..]}{code}").AbsoluteUri;
}
