using System.Globalization;
using MerchantPortal.Orders.Export;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Orders.Pages;

/// <summary>The state of the list as its address keeps it: reload, back, a shared link and a lost circuit all land in the same place.</summary>
public sealed record OrderListAddress(
    OrderTab Tab, string? Channel, string? Search, DateOnly? From, DateOnly? To, OrderCursor Cursor)
{
    /// <summary>True when something but the tab narrows the list.</summary>
    public bool IsNarrowed => Channel is not null || Search is not null || From is not null || To is not null;

    /// <summary>Whatever is not understood counts as not given: an address is typed by people.</summary>
    public static OrderListAddress Parse(OrderListParameters given) => new(
        Enum.TryParse<OrderTab>(given.Tab, ignoreCase: true, out var tab) && Enum.IsDefined(tab) ? tab : OrderTab.All,
        Blank(given.Channel), Blank(given.Search), Day(given.From), Day(given.To),
        new OrderCursor(Id(given.Older), given.Older is null ? Id(given.Newer) : null));

    public string ToUri(NavigationManager navigation) => ToUri(navigation, "/orders");

    /// <summary>The export of everything that the list shows, on all its pages.</summary>
    public string ToExportUri(NavigationManager navigation) => (this with { Cursor = OrderCursor.Newest }).ToUri(navigation, OrderExportEndpoint.Path);

    private string ToUri(NavigationManager navigation, string path) => navigation.GetUriWithQueryParameters(path, new Dictionary<string, object?>
    {
        ["tab"] = Tab == OrderTab.All ? null : Tab.ToString().ToLowerInvariant(),
        ["channel"] = Channel,
        ["q"] = Search,
        ["from"] = Text(From),
        ["to"] = Text(To),
        ["older"] = Cursor.OlderThan?.ToString("N"),
        ["newer"] = Cursor.NewerThan?.ToString("N"),
    });

    /// <summary>Days are the store's business days; the last one counts whole.</summary>
    public OrderFilter ToFilter(StoreTime calendar) => new(
        Tab switch
        {
            OrderTab.Waiting => [OrderStatus.Pending],
            OrderTab.Paid => [OrderStatus.Paid],
            OrderTab.Refunded => [OrderStatus.PartiallyRefunded, OrderStatus.Refunded],
            OrderTab.All or OrderTab.Action => null,
        },
        Tab == OrderTab.Action ? OrderFilter.EveryFlag : OrderFlags.None,
        Channel,
        Search,
        From is { } from ? calendar.StartOf(from) : null,
        To is { } to ? calendar.StartOf(to.AddDays(1)) : null);

    public static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim()[..Math.Min(text.Trim().Length, 100)];

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;
}

/// <summary>The query string as it came.</summary>
public sealed record OrderListParameters(
    string? Tab = null, string? Channel = null, string? Search = null, string? From = null, string? To = null, string? Older = null, string? Newer = null);

public enum OrderTab
{
    All,
    Waiting,
    Paid,
    Action,
    Refunded,
}
