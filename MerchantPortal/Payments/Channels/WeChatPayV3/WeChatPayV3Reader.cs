using System.Text.Json;
using System.Text.Unicode;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>Strict JSON: valid UTF-8, one object, no key twice, not deep.</summary>
internal static class WeChatPayV3Reader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <param name="read">Takes what it needs; the document is gone afterwards.</param>
    /// <returns>Null when the bytes are not such an object, or <paramref name="read"/> found nothing in it.</returns>
    internal static T? Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T?> read)
        where T : class
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what half of a surrogate pair ends in.
            return null;
        }
    }

    internal static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <param name="usual">What it nearly always says: then no other text is made of it.</param>
    internal static string? Text(this JsonElement json, string name, params ReadOnlySpan<string> usual)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        foreach (var text in usual)
        {
            if (value.ValueEquals(text))
            {
                return text;
            }
        }

        return value.GetString();
    }

    internal static long? Whole(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : null;

    internal static JsonElement? Object(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
