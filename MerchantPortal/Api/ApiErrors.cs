using MerchantPortal.Data;

namespace MerchantPortal.Api;

/// <summary>Whatever goes wrong below <c>/api</c> is answered as a problem with a stable code and without inner detail.</summary>
internal sealed partial class ApiErrors(RequestDelegate next, ILogger<ApiErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(context, exception);
            return;
        }

        if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentType is null)
        {
            await Bare(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is CommitUncertainException)
        {
            return ApiAnswer.Problem(StatusCodes.Status503ServiceUnavailable, "outcome_unknown",
                "The connection to the database was lost: the change was made or not. Look, or repeat the call with the same Idempotency-Key.").ExecuteAsync(context);
        }

        if (exception is DatabaseBusyException || UniqueViolation.IsBusy(exception))
        {
            return (ApiAnswer.Problem(StatusCodes.Status503ServiceUnavailable, "busy", "The database takes no more writes now; try again.") with { RetryAfter = 1 })
                .ExecuteAsync(context);
        }

        if (exception is BadHttpRequestException bad)
        {
            return Bare(bad.StatusCode).ExecuteAsync(context);
        }

        Log.Failed(logger, context.Request.Method, context.GetEndpoint()?.DisplayName, exception);
        return ApiAnswer.Problem(StatusCodes.Status500InternalServerError, "internal_error", "The portal could not handle this; its log says why.").ExecuteAsync(context);
    }

    private static ApiAnswer Bare(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => ApiAnswer.Problem(status, "unauthenticated", "Send a valid API key as: Authorization: Bearer <key>."),
        StatusCodes.Status404NotFound => ApiAnswer.Problem(status, "not_found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => ApiAnswer.Problem(status, "method_not_allowed", "This address does not take this method; see the Allow header."),
        StatusCodes.Status413PayloadTooLarge => ApiAnswer.Problem(status, "body_too_large", $"The body is larger than {ApiBodyReader.MaxBytes} bytes."),
        StatusCodes.Status415UnsupportedMediaType => ApiAnswer.Problem(status, "unsupported_media_type", "Send the body as application/json in UTF-8."),
        StatusCodes.Status400BadRequest => ApiAnswer.Problem(status, "bad_request", "The request cannot be read."),
        _ => ApiAnswer.Problem(status, "error", "The request was refused."),
    };

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "API call {Method} {Endpoint} failed")]
        public static partial void Failed(ILogger logger, string method, string? endpoint, Exception exception);
    }
}
