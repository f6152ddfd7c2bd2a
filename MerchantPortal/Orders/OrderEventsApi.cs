using System.Globalization;
using System.Text.Json;
using MerchantPortal.Api;

namespace MerchantPortal.Orders;

/// <summary>The store's feed as server-sent events: numbered, resumable, without a gap.</summary>
public static class OrderEventsApi
{
    private const int BatchSize = 200;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public static void MapOrderEventsApi(this IEndpointRouteBuilder app) => app.MapApiV1().MapGet("/orders/events", StreamAsync)
        .Needs(ApiScopes.OrdersRead).WithTags("Orders").Produces(StatusCodes.Status200OK, contentType: "text/event-stream");

    private static async Task<IResult> StreamAsync(
        HttpContext context, ApiCaller caller, OrderFeed feed, ApiKeyQueries keys, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        var resumeAt = context.Request.Headers["Last-Event-ID"].ToString();
        long? given = null;
        if (resumeAt.Length > 0)
        {
            if (!long.TryParse(resumeAt, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return ApiAnswer.Problem(StatusCodes.Status400BadRequest, "last_event_id_invalid", "Last-Event-ID is the id of an event of this stream.");
            }

            if (number + 1 < await feed.OldestNumberAsync(caller.StoreId, context.RequestAborted))
            {
                return ApiAnswer.Problem(
                    StatusCodes.Status410Gone, "last_event_id_expired", "Events after this id are no longer kept. Read the orders, then follow without Last-Event-ID.");
            }

            given = number;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var last = given ?? await feed.LastNumberAsync(caller.StoreId, ending.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await WriteAsync(context, "retry: 2000\n\n", ending.Token);
            while (await keys.IsUsableAsync(Guid.Parse(caller.Actor.Id), ending.Token))
            {
                last = await SendNewAsync(context, caller.StoreId, feed, last, ending.Token);
                await WaitAsync(context, caller.StoreId, feed, last, time, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader left, or the portal stops; the reader comes back with the last number.
        }

        return Results.Empty;
    }

    private static async Task<long> SendNewAsync(HttpContext context, Guid storeId, OrderFeed feed, long last, CancellationToken cancellationToken)
    {
        while (await feed.ReadAfterAsync(storeId, last, BatchSize, cancellationToken) is { Count: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                await WriteAsync(context, Event(entry), cancellationToken);
            }

            last = entries[^1].Number;
        }

        return last;
    }

    /// <summary>Until there is something new, or a sign of life is due: it finds readers that are gone.</summary>
    private static async Task WaitAsync(
        HttpContext context, Guid storeId, OrderFeed feed, long last, TimeProvider time, CancellationToken cancellationToken)
    {
        using var due = new CancellationTokenSource(SignOfLife, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, due.Token);
        try
        {
            await feed.WaitAsync(storeId, last, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await WriteAsync(context, ": alive\n\n", cancellationToken);
        }
    }

    private static string Event(FeedEntry entry)
    {
        var data = new OrderEventJson(
            entry.OrderNumber, ApiJson.Name(entry.Status), OrderJsonQueries.Flags(entry.Flags), ApiJson.Name(entry.Kind), entry.At);
        return string.Create(CultureInfo.InvariantCulture, $"id: {entry.Number}\ndata: {JsonSerializer.Serialize(data, ApiJson.Options)}\n\n");
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}

/// <param name="Kind">What happened, as in the timeline.</param>
public sealed record OrderEventJson(string Number, string Status, IReadOnlyList<string> Flags, string Kind, DateTimeOffset At);
