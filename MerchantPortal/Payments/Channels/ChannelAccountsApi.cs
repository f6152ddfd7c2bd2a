using System.Text.Json.Nodes;
using MerchantPortal.Api;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Channels;

/// <summary>Channel accounts for merchants' systems. Keys go in and never come out.</summary>
public static class ChannelAccountsApi
{
    public static void MapChannelAccountsApi(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapApiV1().MapGroup("/channel-accounts").WithTags("Channel accounts");
        accounts.MapPost("", CreateAsync).Needs(ApiScopes.ChannelsWrite).Once().Produces<ChannelAccountJson>(StatusCodes.Status201Created);
        accounts.MapGet("", ListAsync).Needs(ApiScopes.ChannelsRead).Produces<ApiList<ChannelAccountJson>>();
        accounts.MapPut("{id:guid}", ReplaceAsync).Needs(ApiScopes.ChannelsWrite).Produces<ChannelAccountJson>();
        accounts.MapPost("{id:guid}/disable", DisableAsync).Needs(ApiScopes.ChannelsWrite).Produces<ChannelAccountJson>();
        accounts.MapPost("{id:guid}/enable", EnableAsync).Needs(ApiScopes.ChannelsWrite).Produces<ChannelAccountJson>();
    }

    private static async Task<ApiAnswer> CreateAsync(
        ApiBody<JsonObject> body, ApiCaller caller, SaveChannelAccount save, PaymentChannels channels, ChannelAccountQueries accounts, CancellationToken cancellationToken)
    {
        var (form, problem) = ChannelAccountRequest.Read(body.Value, null, channels);
        return form is null ? problem! : await save.ExecuteAsync(null, form, caller.Actor, cancellationToken) switch
        {
            SaveChannelAccountResult.Saved saved => ApiAnswer.Created(await JsonAsync(saved.AccountId, caller, accounts, cancellationToken)),
            var refused => Refusal(refused),
        };
    }

    private static async Task<ApiAnswer> ReplaceAsync(
        Guid id, ApiBody<JsonObject> body, ApiCaller caller, SaveChannelAccount save, PaymentChannels channels, ChannelAccountQueries accounts, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(id, caller.StoreId, cancellationToken) is not { } existing)
        {
            return ApiAnswer.NotFound("channel account");
        }

        var (form, problem) = ChannelAccountRequest.Read(body.Value, existing, channels);
        return form is null ? problem! : await save.ExecuteAsync(id, form, caller.Actor, cancellationToken) switch
        {
            SaveChannelAccountResult.Saved => ApiAnswer.Ok(await JsonAsync(id, caller, accounts, cancellationToken)),
            var refused => Refusal(refused),
        };
    }

    private static async Task<ApiAnswer> ListAsync(
        ApiPage page, ApiCaller caller, ChannelAccountQueries accounts, HttpContext context, CancellationToken cancellationToken)
    {
        var rows = await accounts.PageAsync(caller.StoreId, page.After, page.Limit + 1, cancellationToken);
        return ApiPage.Answer(context, [.. rows.Take(page.Limit).Select(ChannelAccountJson.Of)], rows.Count > page.Limit, account => account.Id);
    }

    private static Task<ApiAnswer> DisableAsync(
        Guid id, ApiCaller caller, DisableChannelAccount disable, ChannelAccountQueries accounts, CancellationToken cancellationToken) =>
        SwitchAsync(id, true, caller, disable, accounts, cancellationToken);

    private static Task<ApiAnswer> EnableAsync(
        Guid id, ApiCaller caller, DisableChannelAccount disable, ChannelAccountQueries accounts, CancellationToken cancellationToken) =>
        SwitchAsync(id, false, caller, disable, accounts, cancellationToken);

    private static async Task<ApiAnswer> SwitchAsync(
        Guid id, bool disabled, ApiCaller caller, DisableChannelAccount disable, ChannelAccountQueries accounts, CancellationToken cancellationToken) =>
        await disable.ExecuteAsync(id, disabled, caller.Actor, cancellationToken)
            ? ApiAnswer.Ok(await JsonAsync(id, caller, accounts, cancellationToken))
            : ApiAnswer.NotFound("channel account");

    private static async Task<ChannelAccountJson> JsonAsync(Guid id, ApiCaller caller, ChannelAccountQueries accounts, CancellationToken cancellationToken) =>
        ChannelAccountJson.Of(await accounts.FindAsync(id, caller.StoreId, cancellationToken) ?? throw new InvalidOperationException("An account that was saved is gone."));

    private static ApiAnswer Refusal(SaveChannelAccountResult result) => result switch
    {
        SaveChannelAccountResult.Invalid invalid => ApiAnswer.Invalid(invalid.Errors),
        _ => ApiAnswer.NotFound("channel account"),
    };
}

/// <param name="Fingerprints">Name of a key → what may be shown of it.</param>
/// <param name="KeyExpiries">Name of a key → when its certificate ends; bare keys are not in it.</param>
public sealed record ChannelAccountJson(
    Guid Id,
    string Channel,
    string Name,
    PaymentMode Mode,
    string MerchantId,
    string AppId,
    bool Enabled,
    Uri NotifyUrl,
    IReadOnlyDictionary<string, string> Fingerprints,
    IReadOnlyDictionary<string, DateTimeOffset> KeyExpiries,
    DateTimeOffset CreatedAt)
{
    internal static ChannelAccountJson Of(ChannelAccountView account) => new(
        account.Id, account.Channel, account.Name, account.Mode, account.MerchantId, account.AppId, account.DisabledAt is null, account.NotifyUrl,
        account.Keys.ToDictionary(key => key.Key, key => key.Value.Fingerprint),
        account.Keys.Where(key => key.Value.NotAfter is not null).ToDictionary(key => key.Key, key => key.Value.NotAfter.GetValueOrDefault().ToUniversalTime()),
        account.CreatedAt);
}

/// <summary>The flat form: <c>channel</c>, <c>name</c>, <c>mode</c> and the channel's own fields beside them.</summary>
internal static class ChannelAccountRequest
{
    /// <param name="existing">The account that is replaced: its channel and mode need not be repeated. Null for a new one.</param>
    public static (ChannelAccountForm? Form, ApiAnswer? Problem) Read(JsonObject body, ChannelAccountView? existing, PaymentChannels channels)
    {
        var fields = (JsonObject)body.DeepClone();
        var (channel, name, mode) = (Take(fields, "channel") ?? existing?.Channel, Take(fields, "name"), Take(fields, "mode"));
        if (channel is null || channels.Definition(channel) is not { } definition)
        {
            return (null, ApiAnswer.Unprocessable("channel_unknown", $"channel is one of: {string.Join(", ", channels.Definitions.Select(known => known.Channel).Order())}."));
        }

        if (fields.Select(field => field.Key).FirstOrDefault(field => definition.Fields.All(known => known.Name != field)) is { } unknown)
        {
            return (null, ApiAnswer.Problem(StatusCodes.Status400BadRequest, "unknown_field", $"The field '{unknown}' is not one of this channel's.", ("field", unknown)));
        }

        return (mode, existing) switch
        {
            ("live", _) => (new(channel, name ?? "", PaymentMode.Live, fields), null),
            ("test", _) => (new(channel, name ?? "", PaymentMode.Test, fields), null),
            (null, { } known) => (new(channel, name ?? "", known.Mode, fields), null),
            _ => (null, ApiAnswer.Unprocessable("mode_invalid", "mode is live or test.")),
        };
    }

    private static string? Take(JsonObject fields, string name)
    {
        var text = fields[name] is JsonValue value && value.TryGetValue<string>(out var given) ? given : null;
        fields.Remove(name);
        return text;
    }
}
