namespace MerchantPortal.Api;

/// <summary>Gives calls with an <c>Idempotency-Key</c> the answer of the first one. Answers of 500 and above are not kept.</summary>
internal sealed class AnswerOnce(Idempotency idempotency, TimeProvider time, Func<ApiAnswer, DateTimeOffset, bool>? isStillGood) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var header = context.HttpContext.Request.Headers[Header];
        if (header.Count == 0)
        {
            return await next(context);
        }

        var key = header.ToString();
        if (header.Count > 1 || key.Length is 0 or > MaxLength || !key.All(c => c is >= ' ' and <= '~'))
        {
            return ApiAnswer.Problem(StatusCodes.Status400BadRequest, "idempotency_key_invalid", $"{Header} is one value of 1–{MaxLength} printable ASCII characters.");
        }

        var storeId = context.Arguments.OfType<ApiCaller>().Single().StoreId;
        var body = context.Arguments.OfType<IApiBody>().FirstOrDefault()?.Bytes ?? [];
        // A caller that hangs up must not leave a key taken without an answer.
        return await idempotency.ReserveAsync(storeId, key, Idempotency.HashOf(context.HttpContext.Request, body), context.HttpContext.RequestAborted) switch
        {
            Reservation.Ours => await RunAsync(context, next, storeId, key),
            Reservation.Answered answered when isStillGood?.Invoke(answered.Answer, time.GetUtcNow()) != false => answered.Answer,
            Reservation.Answered => await RunAsync(context, next, storeId, key),
            Reservation.Running => ApiAnswer.Conflict("idempotency_in_progress", "The first request with this key is still running; ask again soon.") with { RetryAfter = 1 },
            _ => ApiAnswer.Unprocessable("idempotency_key_reused", "This key was used with another request; choose a new one."),
        };
    }

    private async Task<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, Guid storeId, string key)
    {
        try
        {
            var answer = await next(context);
            if (answer is not ApiAnswer { StatusCode: < 500 } kept)
            {
                await idempotency.ReleaseAsync(storeId, key, CancellationToken.None);
                return answer;
            }

            await idempotency.StoreAsync(storeId, key, kept, CancellationToken.None);
            return kept;
        }
        catch
        {
            await idempotency.ReleaseAsync(storeId, key, CancellationToken.None);
            throw;
        }
    }
}
