using System.Globalization;
using System.Text.Json.Nodes;
using MerchantPortal.Api;

namespace MerchantPortal.Orders;

/// <summary>Orders for merchants' systems: placing, reading, what happened.</summary>
public static class OrdersApi
{
    public static void MapOrdersApi(this IEndpointRouteBuilder app)
    {
        var orders = app.MapApiV1().MapGroup("/orders").WithTags("Orders");
        orders.MapPost("", PlaceAsync).Needs(ApiScopes.OrdersWrite).Once().Produces<OrderJson>(StatusCodes.Status201Created);
        orders.MapGet("", ListAsync).Needs(ApiScopes.OrdersRead).Produces<ApiList<OrderJson>>();
        orders.MapGet("{number}", FindAsync).Needs(ApiScopes.OrdersRead).Produces<OrderJson>();
        orders.MapGet("{number}/timeline", TimelineAsync).Needs(ApiScopes.OrdersRead).Produces<TimelineJson>();
    }

    private static async Task<ApiAnswer> PlaceAsync(
        ApiBody<OrderRequest> body, ApiCaller caller, PlaceOrder place, OrderQueries orders, OrderJsonQueries answers, CancellationToken cancellationToken)
    {
        var mode = body.Value.Mode ?? await orders.UsualModeAsync(caller.StoreId, cancellationToken);
        return await place.ExecuteAsync(body.Value.ToOrder(mode), caller.Actor, cancellationToken) switch
        {
            PlaceOrderResult.Placed placed => ApiAnswer.Created(await answers.FindAsync(caller.StoreId, placed.Order.Number, cancellationToken)),
            PlaceOrderResult.Refused { Code: "merchant_order_no_used" or "out_of_stock" } taken => ApiAnswer.Conflict(taken.Code, taken.Message),
            PlaceOrderResult.Refused refused => ApiAnswer.Unprocessable(refused.Code, refused.Message),
            _ => throw new InvalidOperationException("An order is placed or refused."),
        };
    }

    private static async Task<ApiAnswer> FindAsync(string number, ApiCaller caller, OrderJsonQueries answers, CancellationToken cancellationToken) =>
        await answers.FindAsync(caller.StoreId, number, cancellationToken) is { } order ? ApiAnswer.Ok(order) : ApiAnswer.NotFound("order");

    private static async Task<ApiAnswer> ListAsync(
        ApiPage page, ApiOrderFilter filter, ApiCaller caller, OrderQueries orders, OrderJsonQueries answers, HttpContext context)
    {
        var found = await orders.PageAsync(caller.StoreId, filter.Filter, new OrderCursor(OlderThan: page.After), page.Limit, context.RequestAborted);
        var items = await answers.ReadAsync(caller.StoreId, [.. found.Rows.Select(row => row.Id)], context.RequestAborted);
        return ApiPage.Answer(context, items, found.HasOlder, order => order.Id);
    }

    private static async Task<ApiAnswer> TimelineAsync(string number, ApiCaller caller, OrderJsonQueries answers, CancellationToken cancellationToken) =>
        await answers.TimelineAsync(caller.StoreId, number, cancellationToken) is { } entries
            ? ApiAnswer.Ok(new TimelineJson([.. entries.Select(Item)]))
            : ApiAnswer.NotFound("order");

    private static TimelineItemJson Item(TimelineEntry entry)
    {
        var data = TimelineSentence.Data(entry);
        return new(entry.At, ApiJson.Name(entry.Kind), entry.ActorName, TimelineSentence.Of(entry.Kind, data), data);
    }
}

/// <summary>Either <paramref name="Lines"/> or <paramref name="Amount"/> with <paramref name="Subject"/>.</summary>
/// <param name="Amount">分.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Metadata">The shop's own object, answered back as it came.</param>
/// <param name="Mode">Left out: live when the store has an enabled live account, else test.</param>
public sealed record OrderRequest(
    IReadOnlyList<OrderLineRequest>? Lines = null,
    long? Amount = null,
    string? Subject = null,
    string? MerchantOrderNo = null,
    long? ExpiresIn = null,
    string? Note = null,
    string? ReturnUrl = null,
    JsonObject? Metadata = null,
    PaymentMode? Mode = null)
{
    private const long LongestExpiry = 100_000_000;

    internal NewOrder ToOrder(PaymentMode mode) => new(
        mode,
        [.. (Lines ?? []).Select(line => new NewOrderLine(line?.ProductId ?? Guid.Empty, line?.Quantity ?? 0))],
        Amount,
        Subject,
        MerchantOrderNo,
        ExpiresIn is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -LongestExpiry, LongestExpiry)) : null,
        Note,
        ReturnUrl,
        Metadata?.ToJsonString(ApiJson.Options));
}

public sealed record OrderLineRequest(Guid? ProductId, int? Quantity);

/// <summary><c>?status=&amp;channel=&amp;q=&amp;from=&amp;to=</c>; status may be several, joined by commas.</summary>
internal sealed record ApiOrderFilter(OrderFilter Filter, ApiAnswer? Problem) : IApiBody, IBindableFromHttpContext<ApiOrderFilter>
{
    private const int MaxSearch = 200;

    byte[] IApiBody.Bytes => [];

    public static ValueTask<ApiOrderFilter?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var statuses = query["status"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Status).ToList();
        var (from, to) = (Instant(query["from"]), Instant(query["to"]));
        return ValueTask.FromResult<ApiOrderFilter?>(
            statuses.Contains(null) ? Bad("status_invalid", "status is pending, paid, partially_refunded, refunded or closed.")
            : query["q"].ToString().Length > MaxSearch ? Bad("q_too_long", $"q has at most {MaxSearch} characters.")
            : from is null || to is null ? Bad("time_invalid", "from and to are RFC 3339 times with a zone, e.g. 2026-11-21T00:00:00Z.")
            : new(
                new OrderFilter(
                    statuses.Count == 0 ? null : [.. statuses.OfType<OrderStatus>()],
                    Channel: query["channel"].ToString() is { Length: > 0 } channel ? channel : null,
                    Search: query["q"].ToString() is { Length: > 0 } search ? search : null,
                    From: from.Value.Time,
                    Until: to.Value.Time),
                null));
    }

    private static OrderStatus? Status(string text) =>
        Enum.GetValues<OrderStatus>().Select(status => (OrderStatus?)status).FirstOrDefault(status => ApiJson.Name(status!) == text);

    /// <returns>Null when the text is no instant; an empty text is one without time.</returns>
    private static (DateTimeOffset? Time, bool Given)? Instant(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, false);
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        return (text[^1] == 'Z' || text.LastIndexOfAny(['+', '-']) > 10)
            && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time, true) : null;
    }

    private static ApiOrderFilter Bad(string code, string detail) =>
        new(new OrderFilter(), ApiAnswer.Problem(StatusCodes.Status400BadRequest, code, detail));
}
