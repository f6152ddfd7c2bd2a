using System.Xml;
using System.Xml.Linq;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Reads XML that strangers sent. Nothing is resolved or expanded: a DOCTYPE is refused wherever it stands, and so is all that two
/// readers could understand differently (processing instructions, namespaces, a second charset). Attributes and comments are ignored.
/// </summary>
internal static class SafeXml
{
    /// <param name="root">The only name that the outermost element may have.</param>
    public static SafeXmlResult Read(ReadOnlyMemory<byte> utf8, string root, SafeXmlLimits limits)
    {
        if (utf8.Length > limits.Bytes)
        {
            return new SafeXmlResult.Refused($"The XML has more than {limits.Bytes} bytes.");
        }

        if (FormEncoding.Text(FormEncoding.Utf8, utf8.Span) is not { } text)
        {
            return new SafeXmlResult.Refused("The XML is not UTF-8.");
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), Settings(limits));
            return Read(reader, root, limits);
        }
        catch (XmlException)
        {
            // Its message may quote the content.
            return new SafeXmlResult.Refused(text.Contains("<!DOCTYPE", StringComparison.Ordinal)
                ? "The XML brings a DOCTYPE, which no gateway sends: its entities could read files or eat memory."
                : "The body is not well-formed XML.");
        }
    }

    private static XmlReaderSettings Settings(SafeXmlLimits limits) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = limits.Bytes,
        IgnoreComments = true,
    };

    private static SafeXmlResult Read(XmlReader reader, string root, SafeXmlLimits limits)
    {
        var document = new XElement("document");
        var within = document;
        for (var elements = 0; reader.Read();)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when Refusal(reader, ++elements, limits) is { } refusal:
                    return new SafeXmlResult.Refused(refusal);
                case XmlNodeType.Element:
                    var element = new XElement(reader.Name);
                    within.Add(element);
                    within = reader.IsEmptyElement ? within : element;
                    break;
                case XmlNodeType.EndElement:
                    within = within.Parent ?? document;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    // A string next to a string becomes one text: what a comment or a CDATA border split is whole again.
                    within.Add(reader.Value);
                    break;
                case XmlNodeType.XmlDeclaration when (reader.GetAttribute("encoding") ?? "utf-8").Equals("utf-8", StringComparison.OrdinalIgnoreCase):
                    break;
                default:
                    return new SafeXmlResult.Refused($"The XML has a part that is not expected ({reader.NodeType}).");
            }
        }

        return document.Element(root) is { } outermost ? new SafeXmlResult.Parsed(outermost) : new SafeXmlResult.Refused($"The root of the XML is not <{root}>.");
    }

    private static string? Refusal(XmlReader reader, int elements, SafeXmlLimits limits) =>
        elements > limits.Elements ? $"The XML has more than {limits.Elements} elements."
        : reader.Depth >= limits.Depth ? "The XML has an element inside a field."
        : reader.NamespaceURI.Length > 0 ? "The XML uses a namespace."
        : null;
}

/// <param name="Bytes">At most so many bytes.</param>
/// <param name="Elements">At most so many elements, the root among them.</param>
/// <param name="Depth">At most so many elements one inside the other, the root among them.</param>
internal sealed record SafeXmlLimits(int Bytes, int Elements, int Depth)
{
    /// <summary>Root and fields, as WeChat Pay writes everything.</summary>
    public static readonly SafeXmlLimits Flat = new(64 * 1024, 200, 2);
}

internal abstract record SafeXmlResult
{
    public sealed record Parsed(XElement Root) : SafeXmlResult;

    /// <param name="Detail">One plain English sentence that quotes nothing of the content.</param>
    public sealed record Refused(string Detail) : SafeXmlResult;
}
