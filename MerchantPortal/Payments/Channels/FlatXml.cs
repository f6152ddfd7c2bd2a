using System.Xml;
using System.Xml.Linq;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Fields below one root, each with its own name once, and text below them: what a signature over sorted fields can speak of without
/// a second meaning.
/// </summary>
internal sealed class FlatXml
{
    private const int MaxNameShown = 40;

    private readonly Dictionary<string, string> _values;

    private FlatXml(Dictionary<string, string> values) => _values = values;

    /// <summary>In the order in which they came; empty ones are among them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Fields => _values;

    /// <summary>The field's value; null when it is absent or empty, which mean the same.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <param name="root">The only name that the outermost element may have.</param>
    public static FlatXmlResult Read(ReadOnlyMemory<byte> utf8, string root) => SafeXml.Read(utf8, root, SafeXmlLimits.Flat) switch
    {
        SafeXmlResult.Parsed parsed => Read(parsed.Root),
        SafeXmlResult.Refused refused => new FlatXmlResult.Refused(RejectionReasons.MalformedRequest, refused.Detail),
        _ => throw new InvalidOperationException("XML is either read or refused."),
    };

    /// <summary>UTF-8 without a declaration; every value in CDATA, and a value that holds the end of CDATA stays what it was.</summary>
    /// <exception cref="ArgumentException">A value holds a character that XML cannot carry.</exception>
    public static byte[] Write(string root, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = FormEncoding.Utf8, OmitXmlDeclaration = true }))
        {
            writer.WriteStartElement(root);
            foreach (var (name, value) in fields)
            {
                writer.WriteStartElement(name);
                writer.WriteCData(value);
                writer.WriteFullEndElement();
            }

            writer.WriteFullEndElement();
        }

        return bytes.ToArray();
    }

    private static FlatXmlResult Read(XElement root)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in root.Nodes())
        {
            if (node is not XElement field)
            {
                if (node is XText text && string.IsNullOrWhiteSpace(text.Value))
                {
                    continue;
                }

                return new FlatXmlResult.Refused(RejectionReasons.MalformedRequest, "The XML has text between its fields.");
            }

            var name = field.Name.LocalName;
            if (!values.TryAdd(name, field.Value))
            {
                return new FlatXmlResult.Refused(
                    RejectionReasons.DuplicateField, $"The field {(name.Length <= MaxNameShown ? name : name[..MaxNameShown] + "…")} comes twice.");
            }
        }

        return new FlatXmlResult.Parsed(new FlatXml(values));
    }
}

internal abstract record FlatXmlResult
{
    public sealed record Parsed(FlatXml Xml) : FlatXmlResult;

    /// <param name="Reason">One of <see cref="RejectionReasons"/>.</param>
    public sealed record Refused(string Reason, string Detail) : FlatXmlResult;
}
