using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>A REST call that a registered app has signed.</summary>
internal sealed record BeeCloudCall(SandboxMerchant Merchant, JsonObject Fields)
{
    public string? Text(string name) => Text(Fields, name);

    /// <returns>Null when the member is missing or not a whole number.</returns>
    public long? Whole(string name) => Fields[name] is JsonValue value && value.TryGetValue<long>(out var whole) ? whole : null;

    public static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}

/// <summary>Lets in what a registered app has signed within five minutes.</summary>
internal sealed class BeeCloudGate(SandboxWriter writer, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <param name="json">The body, or <c>para</c>.</param>
    /// <param name="secret">The one that this call is signed with.</param>
    /// <returns>Null: BeeCloud says APP_INVALID and no more.</returns>
    public async Task<BeeCloudCall?> EnterAsync(string json, CancellationToken cancellationToken, string secret = BeeCloudGateway.AppSecret)
    {
        if (Parse(json) is not { } fields || BeeCloudCall.Text(fields, "app_id") is not { } appId
            || fields["timestamp"] is not JsonValue stamp || !stamp.TryGetValue<long>(out var timestamp))
        {
            return null;
        }

        var merchant = await FindAsync(appId, cancellationToken);
        var sign = merchant is null ? "" : BeeCloudSign.Of(appId, timestamp.ToString(CultureInfo.InvariantCulture), merchant.Secrets[secret]);
        return merchant is not null && sign.Equals(BeeCloudCall.Text(fields, "app_sign"), StringComparison.OrdinalIgnoreCase)
            && Math.Abs(time.GetUtcNow().ToUnixTimeMilliseconds() - timestamp) <= ClockTolerance.TotalMilliseconds
            ? new BeeCloudCall(merchant, fields)
            : null;
    }

    /// <returns>Null when no such app is registered.</returns>
    public async Task<SandboxMerchant?> FindAsync(string appId, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.AsNoTracking().SingleOrDefaultAsync(row => row.Channel == SandboxChannels.BeeCloud && row.AppId == appId, cancellationToken);
    }

    private static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
