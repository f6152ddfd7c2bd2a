using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>Texts as Alipay writes and signs them.</summary>
internal static class AlipayWire
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What an app signs: every field but <c>sign</c>, empty ones left out.</summary>
    public static string RequestText(IReadOnlyDictionary<string, string> fields) => Joined(fields.Where(field => field.Key != "sign" && field.Value.Length > 0));

    /// <summary>What Alipay signs in a notification or at return: every field but <c>sign</c> and <c>sign_type</c>.</summary>
    public static string MessageText(IReadOnlyDictionary<string, string> fields) => Joined(fields.Where(field => field.Key is not ("sign" or "sign_type")));

    /// <summary>Alipay escapes the slash; whoever parses and writes the object anew gets other bytes than were signed.</summary>
    public static string Json(JsonObject node) => node.ToJsonString(Plain).Replace("/", "\\/", StringComparison.Ordinal);

    private static string Joined(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
}
