using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Orders.Export;

/// <summary><c>GET /orders/export.csv</c> with the query string of the list: exactly what the list shows, all pages of it.</summary>
public static class OrderExportEndpoint
{
    public const string Path = "/orders/export.csv";

    public static void MapOrderExport(this IEndpointRouteBuilder app) => app.MapGet(Path, SendAsync);

    private static async Task SendAsync(
        HttpContext context, OrderExportQueries orders, StoreQueries stores, TimeProvider time, IStringLocalizer<OrdersText> text)
    {
        var actor = CurrentActor.Of(context.User) ?? throw new UnauthorizedAccessException("Nobody is signed in.");
        var store = await stores.GetAsync(actor.StoreId, context.RequestAborted);
        var calendar = StoreTime.Of(store.TimeZone, store.DayStartsAtHour);
        var address = OrderListAddress.Parse(Parameters(context.Request.Query));
        var now = time.GetUtcNow();
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = FileName(address, calendar.Local(now)) }.ToString();
        await using var csv = new OrderCsv(context.Response.Body, calendar, now, text);
        await csv.WriteHeadingAsync(context.RequestAborted);
        await foreach (var order in orders.AllAsync(actor.StoreId, address.ToFilter(calendar), context.RequestAborted))
        {
            await csv.WriteAsync(order, context.RequestAborted);
        }
    }

    private static OrderListParameters Parameters(IQueryCollection query) =>
        new(query["tab"], query["channel"], query["q"], query["from"], query["to"]);

    /// <summary>Tells what is in it: <c>orders-paid-2026-11-01-2026-11-30.csv</c>, else the store's time of the export.</summary>
    private static string FileName(OrderListAddress address, DateTimeOffset localNow)
    {
        string?[] parts =
        [
            "orders",
            address.Tab == OrderTab.All ? null : address.Tab.ToString().ToLowerInvariant(),
            OrderListAddress.Text(address.From),
            OrderListAddress.Text(address.To),
            localNow.ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture),
        ];
        return string.Join('-', parts.Where(part => part is not null)) + ".csv";
    }
}
