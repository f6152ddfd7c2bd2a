using System.Collections.Frozen;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Shell;

/// <summary>The console's own icons: one path each, stroke 1.5, on a field of 20 × 20.</summary>
public static class IconPaths
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>
    {
        ["mark"] = "M3 6.5 10 3l7 3.5v7L10 17l-7-3.5zM3 6.5l7 3.5 7-3.5M10 10v7",
        ["overview"] = "M3 10.5 6.5 7l3 3L17 3.5M12.5 3.5H17V8M3 16.5h14",
        ["orders"] = "M5 2.5h10v15l-2.5-1.6L10 17.5l-2.5-1.6L5 17.5zM8 7h4M8 10.5h4",
        ["callbacks"] = "M16.5 10h-9M11 6 7 10l4 4M3.5 3.5v13",
        ["products"] = "M3 6.5 10 3l7 3.5v7L10 17l-7-3.5zM3 6.5l7 3.5 7-3.5M10 10v7M6.5 4.8l7 3.5",
        ["settings"] = "M3 6h7M14.5 6H17M3 14h2.5M10 14h7M12.2 3.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM7.8 11.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
        ["subscriptions"] = "M3.5 10a6.5 6.5 0 0 1 11.6-4M16.5 10a6.5 6.5 0 0 1-11.6 4M15.500 2.500V6H12M4.500 17.500V14H8M10 7v6M8 9h4",
        ["refunds"] = "M7 4 3.5 7.5 7 11M3.5 7.5h8a5 5 0 0 1 0 10H8",
        ["reconcile"] = "M3.5 10.5 7 14l6-7.5M11 14l.5.5 5.5-8",
        ["search"] = "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4",
        ["copy"] = "M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4",
        ["check"] = "M4 10.5 8 14.5 16 6",
        ["close"] = "M5 5l10 10M15 5 5 15",
        ["plus"] = "M10 4v12M4 10h12",
        ["more"] = "M4.5 10h.01M10 10h.01M15.5 10h.01",
        ["chevron-right"] = "M8 5l5 5-5 5",
        ["chevron-left"] = "M12 5 7 10l5 5",
        ["chevron-down"] = "M5 8l5 5 5-5",
        ["collapse"] = "M3 3.5h14v13H3zM8 3.5v13M13.5 8l-2 2 2 2",
        ["external"] = "M11.5 3.5h5v5M16.5 3.5 9 11M14.5 11.5v5h-11v-11h5",
        ["download"] = "M10 3v10M6 9.5l4 4 4-4M3.5 17h13",
        ["filter"] = "M3 5h14M6 10h8M8.5 15h3",
        ["refresh"] = "M16.5 9A6.5 6.5 0 1 0 15 14.2M16.5 4.5V9H12",
        ["clock"] = "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4l2.5 2",
        ["bell"] = "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
        ["key"] = "M6.5 9a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM9 10l7-7M13 6l2.5 2.5",
        ["flask"] = "M8 3h4M9 3v5l-5 8.5h12L11 8V3M6.5 12.5h7",
        ["play"] = "M6.5 4v12l9.5-6z",
        ["sun"] = "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1",
        ["moon"] = "M16.5 11.5A7 7 0 1 1 8.5 3.500a5.5 5.5 0 0 0 8 8z",
        ["link"] = "M8.5 11.5 11.5 8.500M7 9 5 11a2.8 2.8 0 0 0 4 4l2-2M13 11l2-2a2.8 2.8 0 0 0-4-4L9 7",
        ["tone-ok"] = "M4.5 10.5 8.5 14.5 16 6.5",
        ["tone-wait"] = "M10 3.500a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM10 6.500V10l2.5 1.5",
        ["tone-warn"] = "M10 3.5 17.5 16.500h-15zM10 8.500v3.500M10 14.300v.1",
        ["tone-bad"] = "M10 3.500a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7.5 7.500l5 5M12.5 7.500l-5 5",
        ["tone-off"] = "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7 10h6",
        ["tone-info"] = "M10 3.500a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM10 9.500v4M10 6.700v.1",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, MarkupString> Drawings = Paths.ToFrozenDictionary(path => path.Key, path => (MarkupString)(
        """<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" """
        + $"""stroke-linejoin="round" aria-hidden="true" data-icon="{path.Key}"><path d="{path.Value}" /></svg>"""));

    /// <exception cref="KeyNotFoundException">There is no icon of that name.</exception>
    public static string Of(string name) => Paths[name];

    /// <summary>The whole icon, made once for all pages.</summary>
    /// <exception cref="KeyNotFoundException">There is no icon of that name.</exception>
    public static MarkupString Svg(string name) => Drawings[name];
}
