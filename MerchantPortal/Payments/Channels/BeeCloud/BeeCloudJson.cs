using System.Text.Json;
using System.Text.Unicode;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>One JSON object, read strictly: valid UTF-8, no name twice at any depth, nothing after it.</summary>
internal sealed class BeeCloudJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Lax = new() { MaxDepth = 16 };

    private readonly JsonElement _root;

    private BeeCloudJson(JsonElement root) => _root = root;

    /// <returns>Null, and why, when the bytes are no such object.</returns>
    public static (BeeCloudJson? Json, string? Reason) Read(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return (null, RejectionReasons.MalformedRequest);
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (new BeeCloudJson(document.RootElement.Clone()), null)
                : (null, RejectionReasons.MalformedRequest);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, IsJson(utf8) ? RejectionReasons.DuplicateField : RejectionReasons.MalformedRequest);
        }
    }

    /// <returns>Null when the member is missing or not text.</returns>
    public string? Text(string name) => Text(_root, name);

    public bool Has(string name) => _root.TryGetProperty(name, out _);

    public bool? Flag(string name) => Flag(_root, name);

    /// <summary>The very characters of a number, as they were sent.</summary>
    /// <returns>Null when the member is missing or not a number.</returns>
    public string? NumberToken(string name) => NumberToken(_root, name);

    public JsonElement? Object(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <returns>The objects of an array; none where the member is missing or no array.</returns>
    public IEnumerable<JsonElement> Objects(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    public static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    public static bool? Flag(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    public static string? NumberToken(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;

    /// <returns>Null when the member is missing or not 分 in the one way to write them.</returns>
    public static long? Fen(JsonElement json, string name) =>
        NumberToken(json, name) is { } token && BeeCloudWire.Fen().IsMatch(token) ? long.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : null;

    private static bool IsJson(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Lax);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
