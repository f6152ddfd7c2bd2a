using System.Xml.Linq;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>Answers as the interface writes them: only those about a trade are signed.</summary>
internal static class MapiXml
{
    private const string Declaration = """<?xml version="1.0" encoding="utf-8"?>""";

    public static string Done() => Document(new XElement("is_success", "T"));

    public static string Failed(string error) => Document(new XElement("is_success", "F"), new XElement("error", error));

    /// <param name="sign">Null: left out.</param>
    public static string Trade(MapiCall call, IEnumerable<KeyValuePair<string, string>> fields, string? sign, string signType)
    {
        var asked = call.Fields.Where(field => field.Key is not ("sign" or MapiWire.SignType))
            .Select(field => new XElement("param", new XAttribute("name", field.Key), field.Value));
        var told = new XElement("trade", fields.Select(field => new XElement(field.Key, field.Value)));
        return sign is null
            ? Document(new XElement("is_success", "T"), new XElement("request", asked), new XElement("response", told))
            : Document(
                new XElement("is_success", "T"), new XElement("request", asked), new XElement("response", told), new XElement("sign", sign),
                new XElement(MapiWire.SignType, signType));
    }

    private static string Document(params ReadOnlySpan<XElement> parts) =>
        Declaration + new XElement("alipay", parts.ToArray()).ToString(SaveOptions.DisableFormatting);
}
