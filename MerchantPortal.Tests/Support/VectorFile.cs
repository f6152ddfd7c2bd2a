using System.Text;
using System.Text.Json;

namespace MerchantPortal.Tests.Support;

/// <summary>The protocol vectors of <c>Vectors/vectors.json</c>.</summary>
internal static class VectorFile
{
    private static readonly JsonElement Root = Load();

    public static IReadOnlyList<Vector> All { get; } = [.. Root.GetProperty("vectors").EnumerateArray().Select(json => new Vector(json))];

    public static Vector Find(string id) => All.Single(vector => vector.Id == id);

    /// <summary>Ids of one protocol's vectors, verified or not, for a theory.</summary>
    public static TheoryData<string> Ids(string protocol) => [.. All.Where(vector => vector.Protocol == protocol).Select(vector => vector.Id)];

    /// <param name="path">Like <c>v3_platform.public_pem</c>, with or without <c>keys.</c> in front.</param>
    public static string Key(string path) => KeyElement(path).GetString() ?? throw new InvalidDataException(path);

    /// <param name="path">Like <c>keys.v3_platform</c>.</param>
    internal static JsonElement KeyElement(string path)
    {
        var names = path.Split('.').SkipWhile(name => name == "keys");
        return names.Aggregate(Root.GetProperty("keys"), (element, name) => element.GetProperty(name));
    }

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "vectors.json")));
        return document.RootElement.Clone();
    }
}

/// <summary>One vector, with its references to shared keys resolved.</summary>
internal sealed record Vector(JsonElement Json)
{
    public string Id => Text("id");

    public string Protocol => Text("protocol");

    public string Kind => Text("kind");

    /// <summary>False for a published value that does not reproduce; see <see cref="How"/>.</summary>
    public bool Verified => Json.GetProperty("verified").GetBoolean();

    public string How => Text("how");

    public JsonElement Inputs => Json.GetProperty("inputs");

    public JsonElement Expected => Json.GetProperty("expected");

    /// <summary>The vector's keys: its own object, or what <c>keys.a / keys.b</c> points at.</summary>
    public IReadOnlyList<JsonElement> Keys => !Json.TryGetProperty("key", out var key) ? []
        : key.ValueKind != JsonValueKind.String ? [key]
        : [.. Text("key").Split('/', StringSplitOptions.TrimEntries).Where(path => path.StartsWith("keys.", StringComparison.Ordinal)).Select(VectorFile.KeyElement)];

    /// <summary>The raw bytes of a request or answer: <c>body_base64</c> where given, else the UTF-8 of <c>body</c>.</summary>
    public static byte[] Body(JsonElement message) => message.TryGetProperty("body_base64", out var base64)
        ? base64.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(message.GetProperty("body").GetString() ?? "");

    public override string ToString() => Id;

    private string Text(string name) => Json.GetProperty(name).GetString() ?? "";
}
