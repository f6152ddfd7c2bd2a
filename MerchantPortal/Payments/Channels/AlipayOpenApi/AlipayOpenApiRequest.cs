using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Builds signed requests: the common fields, <c>biz_content</c>, the signature over all of it.</summary>
internal sealed class AlipayOpenApiRequest(string appId, AlipayOpenApiKeys keys, Uri baseUrl, TimeProvider time)
{
    private const string GatewayPath = "gateway.do";

    // Alipay signs and reads the JSON as text; escaping 中文 as \u would only make it longer.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Uri _gateway = Gateway(baseUrl);

    /// <summary>The charset stands in the address too: Alipay reads the address before the body.</summary>
    public Uri PostAddress => new($"{_gateway.AbsoluteUri}?charset=utf-8");

    /// <summary>All fields of a call, signed.</summary>
    /// <param name="content">The members of <c>biz_content</c> in order; null and empty ones are left out.</param>
    public SortedDictionary<string, string> Fields(
        string method, IEnumerable<KeyValuePair<string, string?>> content, Uri? notifyUrl = null, Uri? returnUrl = null)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = appId,
            ["method"] = method,
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            [AlipayWire.SignType] = AlipayOpenApiSignature.Algorithm,
            ["timestamp"] = BeijingTime.Write(time.GetUtcNow()),
            ["version"] = "1.0",
            ["biz_content"] = Content(content),
        };
        if (notifyUrl is not null)
        {
            fields["notify_url"] = notifyUrl.AbsoluteUri;
        }

        if (returnUrl is not null)
        {
            fields["return_url"] = returnUrl.AbsoluteUri;
        }

        if (keys.Certificates is { } certificates)
        {
            fields["app_cert_sn"] = certificates.App;
            fields["alipay_root_cert_sn"] = certificates.Root;
        }

        return Signed(fields, keys.App);
    }

    /// <summary>The address that takes a browser to Alipay's cashier; always at the configured gateway.</summary>
    public string Address(SortedDictionary<string, string> fields) => Address(_gateway, fields);

    internal static string Address(Uri gateway, SortedDictionary<string, string> fields) => gateway.AbsoluteUri + "?" + OrderString(fields);

    /// <summary>What the merchant's app hands to Alipay's SDK, which adds nothing and calls the gateway itself.</summary>
    internal static string OrderString(SortedDictionary<string, string> fields) =>
        string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));

    internal static SortedDictionary<string, string> Signed(SortedDictionary<string, string> fields, KeptKey key)
    {
        fields[AlipayWire.Sign] = AlipayOpenApiSignature.Sign(key, AlipayOpenApiSignature.RequestText(fields));
        return fields;
    }

    /// <summary>Settings name the host alone or the whole gateway; both are right.</summary>
    internal static Uri Gateway(Uri baseUrl)
    {
        var address = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(address.EndsWith($"/{GatewayPath}", StringComparison.OrdinalIgnoreCase) ? address : $"{address}/{GatewayPath}");
    }

    private static string Content(IEnumerable<KeyValuePair<string, string?>> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            foreach (var (name, value) in content)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
