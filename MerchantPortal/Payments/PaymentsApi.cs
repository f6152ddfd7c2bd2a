using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantPortal.Api;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments;

/// <summary>Having an order paid, asked about and closed.</summary>
public static class PaymentsApi
{
    public static void MapPaymentsApi(this IEndpointRouteBuilder app)
    {
        var orders = app.MapApiV1().MapGroup("/orders/{number}").WithTags("Orders");
        orders.MapPost("attempts", StartAsync).Needs(ApiScopes.OrdersWrite).Once(IsStillGood).Produces<StartedJson>(StatusCodes.Status201Created);
        orders.MapPost("query", QueryAsync).Needs(ApiScopes.OrdersWrite).Produces<OrderJson>();
        orders.MapPost("close", CloseAsync).Needs(ApiScopes.OrdersWrite).Produces<OrderJson>();
    }

    private static async Task<ApiAnswer> StartAsync(
        string number, ApiBody<AttemptRequest> body, ApiCaller caller, StartPayment start, OrderJsonQueries orders, CancellationToken cancellationToken)
    {
        if (await orders.IdAsync(caller.StoreId, number, cancellationToken) is not { } orderId)
        {
            return ApiAnswer.NotFound("order");
        }

        if (body.Value.Missing() is { } missing)
        {
            return missing;
        }

        return await start.ExecuteAsync(body.Value.ToRequest(orderId), caller.Actor, cancellationToken) switch
        {
            StartPaymentResult.Started started => ApiAnswer.Created(Started(started.Attempt)),
            StartPaymentResult.CannotTell unclear => Unclear(unclear.Reason),
            StartPaymentResult.Refused refused => Refusal(refused),
            _ => throw new InvalidOperationException("A payment is started, refused or unclear."),
        };
    }

    private static async Task<ApiAnswer> QueryAsync(
        string number, ApiCaller caller, QueryOrder query, OrderJsonQueries orders, CancellationToken cancellationToken)
    {
        if (await orders.IdAsync(caller.StoreId, number, cancellationToken) is not { } orderId)
        {
            return ApiAnswer.NotFound("order");
        }

        return await query.ExecuteAsync(orderId, caller.Actor, cancellationToken) is QueryOutcome.CannotTell unclear
            ? Unclear(unclear.Reason)
            : ApiAnswer.Ok(await orders.FindAsync(caller.StoreId, number, cancellationToken));
    }

    private static async Task<ApiAnswer> CloseAsync(
        string number, ApiCaller caller, CloseOrder close, OrderJsonQueries orders, CancellationToken cancellationToken)
    {
        if (await orders.IdAsync(caller.StoreId, number, cancellationToken) is not { } orderId)
        {
            return ApiAnswer.NotFound("order");
        }

        var closed = await close.ExecuteAsync(orderId, caller.Actor, cancellationToken);
        if (closed is CloseOrderResult.CannotTell unclear)
        {
            return Unclear(unclear.Reason);
        }

        var order = await orders.FindAsync(caller.StoreId, number, cancellationToken);
        // Closing a closed order changes nothing and is no error.
        return closed is CloseOrderResult.Closed || order?.Status == ApiJson.Name(OrderStatus.Closed)
            ? ApiAnswer.Ok(order)
            : ApiAnswer.Conflict("order_not_pending", "The order has been paid; it cannot be closed.");
    }

    private static StartedJson Started(PaymentAttempt attempt) => new(
        attempt.OutTradeNo, ApiJson.Name(attempt.Status), attempt.ReadPrompt() is { } prompt ? OrderJsonQueries.Prompt(prompt) : null, attempt.ExpiresAt);

    /// <summary>Starting again is safe, and brings a fresh prompt under the same number.</summary>
    private static bool IsStillGood(ApiAnswer kept, DateTimeOffset now) =>
        kept.StatusCode != StatusCodes.Status201Created || JsonSerializer.Deserialize<StartedJson>(kept.Body, ApiJson.Options)?.Prompt?.GoodUntil is not { } end || end > now;

    private static ApiAnswer Refusal(StartPaymentResult.Refused refused) =>
        refused == StartPaymentResult.Refused.UnknownOrder ? ApiAnswer.NotFound("order")
        : refused == StartPaymentResult.Refused.NotPayable || refused == StartPaymentResult.Refused.Expired ? ApiAnswer.Conflict(refused.Code, refused.Message)
        : refused == StartPaymentResult.Refused.UnknownAccount || refused == StartPaymentResult.Refused.ModeMismatch
            || refused == StartPaymentResult.Refused.MethodNotSupported || refused == StartPaymentResult.Refused.UnknownBank ? ApiAnswer.Unprocessable(refused.Code, refused.Message)
        : ApiAnswer.Problem(StatusCodes.Status422UnprocessableEntity, "gateway_refused", "The gateway refused the payment.",
            ("gateway_code", refused.Code), ("gateway_message", refused.Message));

    /// <summary>Not kept for an idempotency key: trying again uses the same number at the gateway.</summary>
    private static ApiAnswer Unclear(string reason)
    {
        var answer = ApiAnswer.Problem(
            StatusCodes.Status502BadGateway, "gateway_unclear", $"The gateway did not say; nothing was changed by guessing. Try again. ({reason})");
        return answer with { RetryAfter = 3 };
    }
}

/// <param name="OpenId">The payer at WeChat, for <c>jsapi</c>.</param>
/// <param name="ClientIp">The payer's address, for <c>h5</c>.</param>
/// <param name="Bank">The bank chosen beforehand, where the channel can.</param>
public sealed record AttemptRequest(
    Guid? ChannelAccountId,
    PaymentMethod? Method,
    [property: JsonPropertyName("openid")] string? OpenId = null,
    string? ClientIp = null,
    string? Bank = null)
{
    private const int MaxText = 128;

    /// <returns>Null when everything that the method needs is there.</returns>
    internal ApiAnswer? Missing() =>
        ChannelAccountId is null ? ApiAnswer.Unprocessable("channel_account_id_missing", "Say which channel account is to be paid.")
        : Method is null ? ApiAnswer.Unprocessable("method_missing", "Say how the payer is led to the gateway.")
        : Method == PaymentMethod.Jsapi && string.IsNullOrWhiteSpace(OpenId) ? ApiAnswer.Unprocessable("openid_missing", "jsapi needs the payer's openid.")
        : Method == PaymentMethod.H5 && ClientIp is null ? ApiAnswer.Unprocessable("client_ip_missing", "h5 needs the payer's client_ip.")
        : ClientIp is not null && !IPAddress.TryParse(ClientIp, out _) ? ApiAnswer.Unprocessable("client_ip_invalid", "client_ip is an IPv4 or IPv6 address.")
        : OpenId?.Length > MaxText || Bank?.Length > MaxText ? ApiAnswer.Unprocessable("value_too_long", $"openid and bank have at most {MaxText} characters.")
        : null;

    internal StartPaymentRequest ToRequest(Guid orderId) =>
        new(orderId, ChannelAccountId ?? Guid.Empty, Method ?? PaymentMethod.Native, ClientIp, OpenId, Bank);
}

/// <param name="Prompt">What the payer sees next.</param>
public sealed record StartedJson(string OutTradeNo, string Status, PromptJson? Prompt, DateTimeOffset ExpiresAt);
