using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>One field of a form: the bytes that a signature covers, and what they say in the form's charset.</summary>
internal sealed record RawField(byte[] NameBytes, byte[] ValueBytes, string Name, string Value);

/// <summary>
/// A posted form, decoded exactly once and strictly: whatever two readers could understand differently is refused. Values keep
/// their bytes, so that a signature is checked over what was sent and not over a re-encoding.
/// </summary>
internal sealed class RawForm
{
    private const int MaxFields = 200;

    private readonly Dictionary<string, string> _values;

    private RawForm(IReadOnlyList<RawField> fields, Dictionary<string, string> values, Encoding charset)
    {
        Fields = fields;
        Charset = charset;
        _values = values;
    }

    public IReadOnlyList<RawField> Fields { get; }

    public Encoding Charset { get; }

    /// <summary>The field's value; null when it is absent or empty, which mean the same.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Reads a body whose <c>charset</c> field, itself ASCII, names the charset of all values; UTF-8 when it has none.</summary>
    /// <param name="charsetField">Another name that this field may have.</param>
    /// <param name="otherwise">The charset of a body without such a field; empty for UTF-8.</param>
    public static RawFormResult Read(ReadOnlySpan<byte> body, string charsetField = "charset", string otherwise = "")
    {
        var pairs = new List<(byte[] Name, byte[] Value)>();
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (pairs.Count == MaxFields)
            {
                return Malformed($"More than {MaxFields} fields.");
            }

            var equals = pair.IndexOf((byte)'=');
            if (FormEncoding.Decode(equals < 0 ? pair : pair[..equals]) is not { Length: > 0 } name
                || FormEncoding.Decode(equals < 0 ? [] : pair[(equals + 1)..]) is not { } value)
            {
                return Malformed("A field has no name, or a percent sign without two hexadecimal digits.");
            }

            pairs.Add((name, value));
        }

        return Decode(pairs, Encoding.ASCII.GetBytes(charsetField), otherwise);
    }

    private static RawFormResult Decode(List<(byte[] Name, byte[] Value)> pairs, byte[] charsetField, string otherwise)
    {
        var named = pairs.Where(pair => pair.Name.AsSpan().SequenceEqual("charset"u8) || pair.Name.AsSpan().SequenceEqual(charsetField)).ToList();
        if (named.Count > 1)
        {
            return Duplicate("charset");
        }

        var label = named.Count == 0 ? otherwise : Encoding.Latin1.GetString(named[0].Value);
        if (FormEncoding.Charset(label) is not { } charset)
        {
            return Malformed("The charset is neither UTF-8 nor GBK.");
        }

        var fields = new List<RawField>(pairs.Count);
        var values = new Dictionary<string, string>(pairs.Count, StringComparer.Ordinal);
        foreach (var (nameBytes, valueBytes) in pairs)
        {
            if (FormEncoding.Text(charset, nameBytes) is not { } name || FormEncoding.Text(charset, valueBytes) is not { } value)
            {
                return Malformed($"Bytes that are not {charset.WebName}.");
            }

            if (name.AsSpan().ContainsAny('[', ']'))
            {
                return Malformed("A field name with brackets.");
            }

            if (!values.TryAdd(name, value))
            {
                return Duplicate(name);
            }

            fields.Add(new RawField(nameBytes, valueBytes, name, value));
        }

        return new RawFormResult.Parsed(new RawForm(fields, values, charset));
    }

    private static RawFormResult.Refused Malformed(string detail) => new(RejectionReasons.MalformedRequest, detail);

    private static RawFormResult.Refused Duplicate(string name) =>
        new(RejectionReasons.DuplicateField, $"The field {(name.Length <= 40 ? name : name[..40] + "…")} comes twice.");
}

internal abstract record RawFormResult
{
    public sealed record Parsed(RawForm Form) : RawFormResult;

    /// <param name="Reason">One of <see cref="RejectionReasons"/>.</param>
    public sealed record Refused(string Reason, string Detail) : RawFormResult;
}
