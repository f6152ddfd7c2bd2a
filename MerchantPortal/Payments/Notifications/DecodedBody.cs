using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A stored body's fields, in their order, for people to read. Payer ids are masked by the field's name. Never used to decide.</summary>
/// <param name="Format"><c>json</c>, <c>form</c>, <c>xml</c>, or <c>query</c> where the address has fields too.</param>
public sealed record DecodedBody(string Format, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const int MaxFields = 300;
    private const string InputCharset = "_input_charset";

    private static readonly HashSet<string> PayerFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "openid", "sub_openid", "unionid", "buyer_id", "buyer_user_id", "buyer_open_id", "buyer_logon_id", "buyer_email", "buyer_account", "buyer_alias", "payer",
        "user_id", "open_id", "bank_account", "mobile", "phone", "email", "user_received_account",
        "id_no", "id_name", "card_no",
    };

    /// <param name="query">Of the address; some gateways put the message there. Its own field names its charset.</param>
    /// <inheritdoc cref="Of(byte[])"/>
    public static DecodedBody? Of(byte[] body, string query) =>
        RawForm.Read(Encoding.UTF8.GetBytes(query.TrimStart('?')), "input_charset") is RawFormResult.Parsed { Form.Fields: { Count: > 0 } fields }
            ? new DecodedBody("query", [.. fields.Take(MaxFields).Select(field => Field(field.Name, field.Value)), .. Of(body)?.Fields ?? []])
            : Of(body);

    /// <returns>Null when the bytes are none of the forms that gateways send.</returns>
    public static DecodedBody? Of(byte[] body)
    {
        if (StrictText(body) is not { } text)
        {
            return null;
        }

        return text.TrimStart() switch
        {
            ['{', ..] => FromJson(text),
            ['<', ..] => FromXml(text),
            { Length: > 0 } => FromForm(body, text),
            _ => null,
        };
    }

    /// <returns>Null when the bytes are not UTF-8.</returns>
    public static string? StrictText(byte[] body)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static DecodedBody? FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            var fields = new List<KeyValuePair<string, string>>();
            Flatten(document.RootElement, "", fields);
            return new DecodedBody("json", fields);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Flatten(JsonElement element, string path, List<KeyValuePair<string, string>> fields)
    {
        if (fields.Count >= MaxFields)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Flatten(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", fields);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    Flatten(item, $"{path}[{index}]", fields);
                }

                break;
            default:
                fields.Add(Field(path, element.ToString()));
                break;
        }
    }

    private static DecodedBody? FromXml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XDocument.Load(reader).Root;
            return root is null ? null : new DecodedBody("xml",
                [.. root.Descendants().Where(element => !element.HasElements).Take(MaxFields).Select(element => Field(element.Name.LocalName, element.Value))]);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static DecodedBody? FromForm(byte[] body, string text)
    {
        var pairs = text.Split('&', MaxFields + 1).Take(MaxFields).Select(pair => pair.Split('=', 2)).ToList();
        if (pairs.Any(pair => pair.Length != 2 || pair[0].Length == 0))
        {
            return null;
        }

        return InItsCharset(body) is { } form
            ? new DecodedBody("form", [.. form.Fields.Select(field => Field(field.Name, field.Value))])
            : new DecodedBody("form", [.. pairs.Select(pair => Field(WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair[1])))]);
    }

    /// <summary>The charset that the form names; where it names none and UTF-8 cannot be, Alipay's older one.</summary>
    private static RawForm? InItsCharset(byte[] body) => (RawForm.Read(body, InputCharset) as RawFormResult.Parsed)?.Form
        ?? (RawForm.Read(body, InputCharset, "gbk") as RawFormResult.Parsed)?.Form;

    private static KeyValuePair<string, string> Field(string name, string value) =>
        new(name, PayerFields.Contains(name[(name.LastIndexOf('.') + 1)..]) ? Mask.Payer(value) : value);
}
