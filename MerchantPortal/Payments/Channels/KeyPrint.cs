using System.Text.Json;

namespace MerchantPortal.Payments.Channels;

/// <summary>What may be shown of a key: facts, for the page to word.</summary>
/// <param name="NotAfter">When its certificate ends; null for a key without one.</param>
/// <param name="Downloaded">The portal fetched it from the gateway; nobody pasted it.</param>
public sealed record KeyPrint(string Fingerprint, DateTimeOffset? NotAfter = null, bool Downloaded = false)
{
    internal static string WriteAll(ChannelFormResult.Valid form) => JsonSerializer.Serialize(
        form.Fingerprints.ToDictionary(key => key.Key, key => new KeyPrint(key.Value, form.Expiries.TryGetValue(key.Key, out var end) ? end : null)));

    internal static Dictionary<string, KeyPrint> ReadAll(string json) =>
        (JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? []).ToDictionary(key => key.Key, key => Read(key.Value));

    /// <summary>Accounts that were saved earlier hold one text, which begins with the fingerprint.</summary>
    private static KeyPrint Read(JsonElement stored) => stored.ValueKind == JsonValueKind.String
        ? new KeyPrint((stored.GetString() ?? "").Split(' ')[0])
        : stored.Deserialize<KeyPrint>() ?? new KeyPrint("");
}
