using System.Text.Json.Serialization;
using MerchantPortal.Api;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Callbacks for merchants' systems: what came, why it was judged so, and processing it again.</summary>
public static class CallbacksApi
{
    public static void MapCallbacksApi(this IEndpointRouteBuilder app)
    {
        var callbacks = app.MapApiV1().MapGroup("/callbacks").WithTags("Callbacks");
        callbacks.MapGet("", ListAsync).Needs(ApiScopes.CallbacksRead).Produces<ApiList<CallbackJson>>();
        callbacks.MapGet("{id:guid}", FindAsync).Needs(ApiScopes.CallbacksRead).Produces<CallbackJson>();
        callbacks.MapPost("{id:guid}/replay", ReplayAsync).Needs(ApiScopes.CallbacksReplay).Once().Produces<ReplayJson>();
    }

    private static async Task<ApiAnswer> ListAsync(
        ApiPage page, string? status, string? channel, ApiCaller caller, NotificationQueries callbacks, CallbackAttemptQueries attempts, HttpContext context)
    {
        CallbackStatus? wanted = Enum.GetValues<CallbackStatus>().Select(value => (CallbackStatus?)value).FirstOrDefault(value => ApiJson.Name(value!) == status);
        if (!string.IsNullOrEmpty(status) && wanted is null)
        {
            return ApiAnswer.Problem(StatusCodes.Status400BadRequest, "status_invalid", "status is applied, duplicate, ignored, quarantined, deferred or rejected.");
        }

        var filter = new NotificationFilter { Status = wanted, Channel = string.IsNullOrEmpty(channel) ? null : channel };
        var found = await callbacks.ListAsync(caller.StoreId, filter, page.After, page.Limit, context.RequestAborted);
        var tried = await attempts.ReadAsync([.. found.Rows.Select(row => row.Id)], context.RequestAborted);
        return ApiPage.Answer(context, [.. found.Rows.Select(row => CallbackJson.Of(row, tried[row.Id]))], found.Older is not null, row => row.Id);
    }

    private static async Task<ApiAnswer> FindAsync(Guid id, ApiCaller caller, NotificationQueries callbacks, CancellationToken cancellationToken) =>
        await callbacks.FindAsync(caller.StoreId, id, cancellationToken) is { } found
            ? ApiAnswer.Ok(CallbackJson.Of(found.Row, found.Attempts))
            : ApiAnswer.NotFound("callback");

    private static async Task<ApiAnswer> ReplayAsync(
        Guid id, ApiBody<ReplayRequest> body, ApiCaller caller, ReplayNotification replay, CancellationToken cancellationToken)
    {
        if (body.Value.Wrong() is { } wrong)
        {
            return wrong;
        }

        return await replay.ExecuteAsync(id, body.Value.DryRun ?? true, body.Value.Reason, caller.Actor, cancellationToken) switch
        {
            null => ApiAnswer.NotFound("callback"),
            { RefusalCode: { } code } => ApiAnswer.Conflict(code, "This callback cannot be processed again."),
            var result => ApiAnswer.Ok(new ReplayJson(
                ApiJson.Name(result.Outcome), result.Reason, [.. result.Changes.Select(ChangeJson.Of)], [.. result.Trace.Select(TraceJson.Of)])),
        };
    }
}

/// <param name="DryRun">Must be said: true shows what would change and writes nothing.</param>
/// <param name="Reason">Why; kept with the attempt. Needed for a real replay.</param>
public sealed record ReplayRequest(bool? DryRun, string? Reason = null)
{
    internal ApiAnswer? Wrong() =>
        DryRun is null ? ApiAnswer.Unprocessable("dry_run_missing", "Say dry_run: true to look, false to do it.")
        : DryRun == false && string.IsNullOrWhiteSpace(Reason) ? ApiAnswer.Unprocessable("reason_missing", "A replay needs a reason.")
        : Reason?.Length > ReplayNotification.MaxReasonLength
            ? ApiAnswer.Unprocessable("reason_too_long", $"A reason has at most {ReplayNotification.MaxReasonLength} characters.")
        : null;
}

/// <param name="WouldChange">What a dry run would write, or what the replay has written.</param>
public sealed record ReplayJson(string Outcome, string Reason, IReadOnlyList<ChangeJson> WouldChange, IReadOnlyList<TraceJson> Trace);

public sealed record ChangeJson(string Entity, string Key, string Field, string? Before, string? After)
{
    internal static ChangeJson Of(Data.FieldChange change) => new(change.Entity, change.Key, change.Field, change.Before, change.After);
}

/// <param name="Values">Masked where they name a person or a secret.</param>
public sealed record TraceJson(
    string Step, bool Ok, string Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Values)
{
    internal static TraceJson Of(TraceStep step) => new(step.Step, step.Ok, step.Detail, step.Values);
}

/// <param name="Attempts">Newest first.</param>
/// <param name="Trace">Of the newest attempt: the checks and the rule, one step each.</param>
public sealed record CallbackJson(
    Guid Id, string Channel, Guid AccountId, DateTimeOffset ReceivedAt, string Status, string Reason, string? OutTradeNo, string? TransactionId, string? OrderNumber,
    IReadOnlyList<CallbackAttemptJson> Attempts, IReadOnlyList<TraceJson> Trace)
{
    internal static CallbackJson Of(NotificationRow row, IEnumerable<AttemptDetail> attempts)
    {
        var newestFirst = attempts.OrderByDescending(attempt => attempt.Attempt.Number).ToList();
        return new(
            row.Id, row.Channel, row.AccountId, row.ReceivedAt, ApiJson.Name(row.Status), row.Reason, row.OutTradeNo, row.ChannelTransactionId, row.OrderNumber,
            newestFirst.ConvertAll(CallbackAttemptJson.Of), [.. newestFirst.Take(1).SelectMany(attempt => attempt.Trace).Select(TraceJson.Of)]);
    }
}

/// <param name="ReplayReason">Null for the arrival and for the portal's own retries.</param>
public sealed record CallbackAttemptJson(
    int Number, DateTimeOffset At, string Actor, string? ReplayReason, string Outcome, string Reason, IReadOnlyList<ChangeJson> Changed)
{
    internal static CallbackAttemptJson Of(AttemptDetail detail) => new(
        detail.Attempt.Number, detail.Attempt.At, detail.Attempt.ActorName, detail.Attempt.ReplayReason, ApiJson.Name(detail.Attempt.Outcome), detail.Attempt.Reason,
        [.. detail.Changes.Select(ChangeJson.Of)]);
}
