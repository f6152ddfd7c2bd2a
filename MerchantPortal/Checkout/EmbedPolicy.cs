using MerchantPortal.Accounts;

namespace MerchantPortal.Checkout;

/// <summary>
/// Who may show the page inside a page of theirs, and whom it then talks to. The browser enforces the first by
/// <c>frame-ancestors</c>; the second is the target origin of each message, pinned to one of the store's own list.
/// </summary>
public static class EmbedPolicy
{
    public const string Nobody = "'none'";

    /// <returns>The source list of <c>frame-ancestors</c>.</returns>
    public static string FrameAncestors(CheckoutVisit visit, Store store) =>
        visit.IsEmbedded && store.EmbedOrigins.Count > 0 ? string.Join(' ', store.EmbedOrigins) : Nobody;

    /// <returns>The origin that is told what happens in the frame; null when the one that asks is not allowed.</returns>
    public static string? Host(CheckoutVisit visit, Store store) =>
        visit.IsEmbedded && visit.EmbedOrigin is { } origin && store.EmbedOrigins.Contains(origin) ? origin : null;
}
