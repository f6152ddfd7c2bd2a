using System.Text;
using System.Xml.Linq;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>What the interface answered to a call of ours.</summary>
internal abstract record AlipayMapiAnswer
{
    private const string Root = "alipay";

    /// <summary>alipay › response › trade › field.</summary>
    private static readonly SafeXmlLimits Limits = new(64 * 1024, 300, 4);

    /// <summary>A trade, proven by the signature over its fields.</summary>
    internal sealed record Trade(IReadOnlyDictionary<string, string> Fields) : AlipayMapiAnswer;

    /// <summary>“Done”, without anything that could be proven: such answers are not signed, only TLS vouches for them.</summary>
    internal sealed record Done : AlipayMapiAnswer;

    /// <summary>The interface said no. Never signed either.</summary>
    internal sealed record Failed(string Error) : AlipayMapiAnswer;

    /// <summary>Proves nothing: not XML, not signed, wrongly signed, or no answer at all.</summary>
    internal sealed record Unproven(string Reason) : AlipayMapiAnswer;

    public static AlipayMapiAnswer Read(ReadOnlyMemory<byte> body, AlipayMapiSignature signature) => SafeXml.Read(Trimmed(body), Root, Limits) switch
    {
        SafeXmlResult.Parsed parsed => Read(parsed.Root, signature),
        SafeXmlResult.Refused refused => new Unproven(refused.Detail),
        _ => throw new InvalidOperationException("XML is either read or refused."),
    };

    private static AlipayMapiAnswer Read(XElement root, AlipayMapiSignature signature)
    {
        var success = One(root, "is_success");
        if (success == "F")
        {
            return new Failed(One(root, "error") ?? "");
        }

        if (success != "T")
        {
            return new Unproven("Alipay's answer does not say whether it succeeded.");
        }

        return root.Element("response") is null ? new Done() : Signed(root, signature);
    }

    private static AlipayMapiAnswer Signed(XElement root, AlipayMapiSignature signature)
    {
        if (root.Elements("response").ToList() is not [var response] || response.Elements("trade").ToList() is not [var trade])
        {
            return new Unproven("Alipay's answer does not tell of one trade.");
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (trade.Elements().Any(field => field.HasElements || !fields.TryAdd(field.Name.LocalName, field.Value)))
        {
            return new Unproven("Alipay's answer has a field twice, or one inside another.");
        }

        return One(root, MapiWire.SignType) == signature.Name && signature.Verify(Encoding.UTF8.GetBytes(AlipayMapiRequest.Text(fields)), One(root, MapiWire.Sign))
            ? new Trade(fields)
            : new Unproven("The signature of Alipay's answer is missing or wrong.");
    }

    /// <returns>Null when the element is missing or comes twice.</returns>
    private static string? One(XElement root, string name) => root.Elements(name).ToList() is [{ HasElements: false } only] ? only.Value.Trim() : null;

    /// <summary>The interface is known to begin its answers with blank lines, which XML forbids before its declaration.</summary>
    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> body) => body.TrimStart(" \t\r\n"u8);
}
