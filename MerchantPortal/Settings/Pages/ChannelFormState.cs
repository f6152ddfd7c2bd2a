using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Settings.Pages;

/// <summary>What a person has typed into the form of a channel account. Secrets are there only until they are saved.</summary>
public sealed class ChannelFormState(IChannelDefinition definition)
{
    public IChannelDefinition Definition { get; } = definition;

    public string Name { get; set; } = "";

    public PaymentMode Mode { get; set; }

    /// <summary>A choice begins with its default.</summary>
    public Dictionary<string, string> Texts { get; } = definition.Fields
        .Where(field => field.Kind == ChannelFieldKind.Choice).ToDictionary(field => field.Name, field => field.Choices[0]);

    public Dictionary<string, List<KeyRingRow>> Rings { get; } = definition.Fields
        .Where(field => field.Kind == ChannelFieldKind.PublicKeyRing).ToDictionary(field => field.Name, _ => new List<KeyRingRow> { new() });

    /// <summary>Fields that mean something with what is chosen now.</summary>
    public IEnumerable<ChannelField> Fields => Definition.Fields.Where(one =>
        one.OnlyWith is not { } condition || Texts.GetValueOrDefault(condition.Field) == condition.Value);

    /// <param name="shown">The stored form without its secrets.</param>
    public static ChannelFormState Of(IChannelDefinition definition, ChannelAccountView account, JsonObject shown)
    {
        var state = new ChannelFormState(definition) { Name = account.Name, Mode = account.Mode };
        foreach (var field in definition.Fields)
        {
            if (shown[field.Name] is JsonValue value && value.TryGetValue<string>(out var text))
            {
                state.Texts[field.Name] = text;
            }
            else if (shown[field.Name] is JsonArray keys)
            {
                state.Rings[field.Name] = [.. keys.OfType<JsonObject>().Select(KeyRingRow.Of)];
            }
        }

        return state;
    }

    public ChannelAccountForm ToForm()
    {
        var fields = new JsonObject();
        var shown = Fields.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, text) in Texts.Where(field => shown.Contains(field.Key) && !string.IsNullOrWhiteSpace(field.Value)))
        {
            fields[name] = text;
        }

        foreach (var (name, rows) in Rings)
        {
            fields[name] = new JsonArray([.. rows.Where(row => !row.IsEmpty).Select(row => row.ToJson())]);
        }

        return new ChannelAccountForm(Definition.Channel, Name, Mode, fields);
    }
}

/// <summary>One public key or certificate of the gateway.</summary>
public sealed class KeyRingRow
{
    private const string Certificate = "BEGIN CERTIFICATE";

    public string Serial { get; set; } = "";

    public string Key { get; set; } = "";

    internal bool IsEmpty => string.IsNullOrWhiteSpace(Serial) && string.IsNullOrWhiteSpace(Key);

    internal static KeyRingRow Of(JsonObject json) => new()
    {
        Serial = (string?)json["serial"] ?? "",
        Key = (string?)json["public_key"] ?? (string?)json["certificate"] ?? "",
    };

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (!string.IsNullOrWhiteSpace(Serial))
        {
            json["serial"] = Serial.Trim();
        }

        json[Key.Contains(Certificate, StringComparison.Ordinal) ? "certificate" : "public_key"] = Key;
        return json;
    }
}
