using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>An account's stored form, ready for use.</summary>
/// <param name="ConfirmsByQuery">Whether a payment is booked only after BeeCloud was asked. Subscriptions always are.</param>
/// <param name="InstantChannel">What 秒支付 Button opens at once; null lets the payer choose.</param>
internal sealed record BeeCloudKeys(string AppId, string AppSecret, string MasterSecret, bool ConfirmsByQuery, string? InstantChannel)
{
    /// <summary>The form is one that <see cref="BeeCloudDefinition.Read"/> accepted.</summary>
    public static BeeCloudKeys Of(JsonObject form) => new(
        Text(form, BeeCloudDefinition.AppId),
        Text(form, BeeCloudDefinition.AppSecret),
        Text(form, BeeCloudDefinition.MasterSecret),
        (string?)form[BeeCloudDefinition.ConfirmByQuery] != BeeCloudDefinition.No,
        (string?)form[BeeCloudDefinition.InstantChannel] is { } channel && channel != BeeCloudDefinition.Menu ? channel : null);

    // A record prints its members; these are secrets.
    public override string ToString() => AppId;

    private static string Text(JsonObject form, string name) =>
        (string?)form[name] is { Length: > 0 } text ? text : throw new InvalidOperationException($"The stored form has no {name}.");
}
