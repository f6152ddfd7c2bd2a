using System.Globalization;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Where gateways post. Captures the bytes, hands them over, acknowledges. No decisions. Not an API controller: those answer
/// refusals with a document, and gateways get the acknowledgement and nothing else.
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[SkipStatusCodePages]
public sealed partial class PaymentNotificationsController(
    PaymentChannels channels, NotificationProcessor processor, Failpoints failpoints, TimeProvider time, ILogger<PaymentNotificationsController> logger)
    : Controller
{
    internal const int MaxBodyBytes = 64 * 1024;

    // No parameters: with any bound parameter MVC reads a form body first, and the signed bytes are gone.
    [HttpPost("/notify/{channel}/{accountId}")]
    [HttpPost("/notify/{channel}/{accountId}/{kind}")]
    [RequestSizeLimit(16 * 1024 * 1024)]
    public async Task<IActionResult> ReceiveAsync()
    {
        OpenAccount? account = null;
        try
        {
            account = await FindAccountAsync();
            return account is null ? NotFound() : Answer(account.Channel.Acknowledge(await ReceiveAsync(account)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Too slow, gone, or not HTTP: nobody waits for an answer, and nothing was stored.
            return Failure(account, StatusCodes.Status408RequestTimeout);
        }
        catch (Exception exception) when (exception is DatabaseBusyException || UniqueViolation.IsBusy(exception))
        {
            // Not stored, so not acknowledged: the gateway comes again.
            Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return Failure(account, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, account?.Account.Id, exception);
            return Failure(account, StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Its own action, because the answer to a method without one comes from the sign-in.</summary>
    [AcceptVerbs("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", Route = "/notify/{channel}/{accountId}")]
    [AcceptVerbs("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", Route = "/notify/{channel}/{accountId}/{kind}")]
    public IActionResult RefuseMethod()
    {
        Response.Headers.Allow = HttpMethods.Post;
        return new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    private async Task<CallbackStatus> ReceiveAsync(OpenAccount account)
    {
        var receivedAt = time.GetUtcNow();
        var body = await NotificationBody.ReadAsync(Request, MaxBodyBytes, time, HttpContext.RequestAborted);
        var raw = NotificationBody.Capture(Request, account, channels.Definition(account.Account.Channel), body, receivedAt);
        await failpoints.ReachAsync(Failpoints.AfterCapture);
        // Once the bytes are here they are processed, whether the gateway still waits or not.
        var outcome = await processor.ReceiveAsync(account, raw, CancellationToken.None);
        await failpoints.ReachAsync(Failpoints.BeforeAnswer);
        Response.OnCompleted(() => failpoints.ReachAsync(Failpoints.AfterAnswer));
        return outcome;
    }

    private async Task<OpenAccount?> FindAccountAsync()
    {
        var written = (string?)RouteData.Values["accountId"];
        return (Guid.TryParseExact(written, "N", out var accountId) || Guid.TryParseExact(written, "D", out accountId))
            && await channels.FindAsync(accountId, HttpContext.RequestAborted) is { } account
            && account.Account.Channel == (string?)RouteData.Values["channel"]
            ? account
            : null;
    }

    /// <summary>The channel's own word for "come again"; without an account there is no word.</summary>
    private static IActionResult Failure(OpenAccount? account, int statusCode) => account is null
        ? new StatusCodeResult(statusCode)
        : Answer(account.Channel.Acknowledge(CallbackStatus.Deferred) with { StatusCode = statusCode });

    private static ContentResult Answer(Acknowledgement acknowledgement) => new()
    {
        StatusCode = acknowledgement.StatusCode,
        ContentType = acknowledgement.ContentType,
        Content = acknowledgement.Body,
    };

    private static partial class Log
    {
        [LoggerMessage(2020, LogLevel.Error, "A callback for account {AccountId} could not be stored and is not acknowledged")]
        public static partial void Failed(ILogger logger, Guid? accountId, Exception exception);
    }
}
