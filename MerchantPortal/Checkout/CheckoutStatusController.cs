using MerchantPortal.Shell;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Checkout;

/// <summary>What a waiting page listens to: pushed where the connection holds, asked for where it does not.</summary>
[AllowAnonymous]
[CheckoutHeaders]
[OwnContentPolicy]
[Route("/pay/{token}")]
public sealed class CheckoutStatusController(CheckoutQueries queries, FollowCheckout follow, CheckoutStreams streams, TimeProvider time) : ControllerBase
{
    [HttpGet("status")]
    public async Task<IResult> StatusAsync(string token)
    {
        if (await queries.ProgressAsync(token, HttpContext.RequestAborted) is not { } progress)
        {
            return Results.NotFound();
        }

        var status = CheckoutStatus.Of(progress, time.GetUtcNow());
        // May be kept, must be asked for: with no-store a browser would not send the tag back.
        Response.Headers.CacheControl = "private, no-cache";
        Response.Headers.ETag = status.ETag;
        return Request.Headers.IfNoneMatch == status.ETag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(status.ToJson(), "application/json");
    }

    [HttpGet("events")]
    public async Task<IResult> EventsAsync(string token)
    {
        if (await queries.ProgressAsync(token, HttpContext.RequestAborted) is not { } progress)
        {
            return Results.NotFound();
        }

        if (!CheckoutStatus.Of(progress, time.GetUtcNow()).IsLive)
        {
            // Tells an event source not to come back.
            return Results.NoContent();
        }

        if (streams.TryEnter(progress.Order.Id) is not { } place)
        {
            Response.Headers.RetryAfter = "5";
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        Response.RegisterForDispose(place);
        return TypedResults.ServerSentEvents(follow.ExecuteAsync(token, progress.Order.StoreId, progress.Order.Id, HttpContext.RequestAborted));
    }
}
