using System.Globalization;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Where gateways post. Captures the bytes, hands them over, acknowledges. No decisions.</summary>
[ApiController]
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class PaymentNotificationsController(PaymentChannels channels, NotificationProcessor processor, TimeProvider time) : ControllerBase
{
    internal const int MaxBodyBytes = 64 * 1024;

    // No parameters: with any bound parameter MVC reads a form body first, and the signed bytes are gone.
    [HttpPost("/notify/{channel}/{accountId}")]
    [HttpPost("/notify/{channel}/{accountId}/{kind}")]
    [RequestSizeLimit(16 * 1024 * 1024)]
    public async Task<IActionResult> ReceiveAsync()
    {
        var receivedAt = time.GetUtcNow();
        var channel = (string?)RouteData.Values["channel"] ?? "";
        if (!Guid.TryParseExact((string?)RouteData.Values["accountId"], "N", out var accountId)
            && !Guid.TryParseExact((string?)RouteData.Values["accountId"], "D", out accountId))
        {
            return NotFound();
        }

        var account = await channels.FindAsync(accountId, HttpContext.RequestAborted);
        if (account is null || account.Account.Channel != channel)
        {
            return NotFound();
        }

        var body = await NotificationBody.ReadAsync(Request, MaxBodyBytes, HttpContext.RequestAborted);
        var raw = NotificationBody.Capture(Request, account, channels.Definition(channel), body, receivedAt);
        try
        {
            return Answer(account.Channel.Acknowledge(await processor.ReceiveAsync(account, raw, HttpContext.RequestAborted)));
        }
        catch (DatabaseBusyException)
        {
            // Not stored, so not acknowledged: the gateway comes again.
            Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
            return Answer(account.Channel.Acknowledge(CallbackStatus.Deferred) with { StatusCode = StatusCodes.Status503ServiceUnavailable });
        }
    }

    private static ContentResult Answer(Acknowledgement acknowledgement) => new()
    {
        StatusCode = acknowledgement.StatusCode,
        ContentType = acknowledgement.ContentType,
        Content = acknowledgement.Body,
    };
}
