using System.Buffers;
using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>One field of a form: the bytes that a signature covers, and what they say in the form's charset.</summary>
internal sealed record RawField(byte[] NameBytes, byte[] ValueBytes, string Name, string Value);

/// <summary>
/// A posted form, decoded exactly once and strictly: whatever two readers could understand differently is refused. Values keep
/// their bytes, so that a signature is checked over what was sent and not over a re-encoding. All of them lie in one array, and a text is made
/// of what is asked for only: every callback comes through here.
/// </summary>
internal sealed class RawForm
{
    private const int MaxFields = 200;

    private readonly byte[] _bytes;
    private readonly Part[] _sorted;
    private IReadOnlyList<RawField>? _fields;

    private RawForm(byte[] bytes, Part[] sorted, Encoding charset) => (_bytes, _sorted, Charset) = (bytes, sorted, charset);

    public Encoding Charset { get; }

    public int Count => _sorted.Length;

    /// <summary>Bytes of all names and values.</summary>
    public int Length => _bytes.Length;

    public bool HasEmpty => Array.Exists(_sorted, part => part.ValueLength == 0);

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<RawField> Fields => _fields ??= [.. _sorted.OrderBy(part => part.Start).Select(Field)];

    /// <summary>The field's value; null when it is absent or empty, which mean the same.</summary>
    /// <param name="name">ASCII, as all names that gateways use.</param>
    public string? this[string name] => ValueOf(name) is { IsEmpty: false } value ? Charset.GetString(value) : null;

    /// <summary>The field's bytes; empty also when it is absent.</summary>
    public ReadOnlySpan<byte> ValueOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Ascii.Equals(NameAt(i), name))
            {
                return ValueAt(i);
            }
        }

        return [];
    }

    /// <param name="index">In the order of the names' bytes.</param>
    public ReadOnlySpan<byte> NameAt(int index) => _sorted[index].Name(_bytes);

    /// <inheritdoc cref="NameAt"/>
    public ReadOnlySpan<byte> ValueAt(int index) => _sorted[index].Value(_bytes);

    /// <summary>Reads a body whose <c>charset</c> field, itself ASCII, names the charset of all values; UTF-8 when it has none.</summary>
    /// <param name="charsetField">Another name that this field may have.</param>
    /// <param name="otherwise">The charset of a body without such a field; empty for UTF-8.</param>
    public static RawFormResult Read(ReadOnlySpan<byte> body, string charsetField = "charset", string otherwise = "")
    {
        var bytes = ArrayPool<byte>.Shared.Rent(body.Length);
        try
        {
            var parts = new Part[Math.Min(MaxFields, body.Count((byte)'&') + 1)];
            return Decode(body, bytes, parts, out var count, out var length) is { } refused
                ? refused
                : Understand(bytes.AsSpan(0, length).ToArray(), count == parts.Length ? parts : parts[..count], charsetField, otherwise);
        }
        finally
        {
            // It holds the payer's id.
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static RawFormResult.Refused? Decode(ReadOnlySpan<byte> body, Span<byte> bytes, Part[] parts, out int count, out int length)
    {
        (count, length) = (0, 0);
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (count == MaxFields)
            {
                return Malformed($"More than {MaxFields} fields.");
            }

            var equals = pair.IndexOf((byte)'=');
            if (!FormEncoding.TryDecode(equals < 0 ? pair : pair[..equals], bytes[length..], out var name) || name == 0
                || !FormEncoding.TryDecode(equals < 0 ? [] : pair[(equals + 1)..], bytes[(length + name)..], out var value))
            {
                return Malformed("A field has no name, or a percent sign without two hexadecimal digits.");
            }

            parts[count++] = new Part(length, name, value);
            length += name + value;
        }

        return null;
    }

    private static RawFormResult Understand(byte[] bytes, Part[] parts, string charsetField, string otherwise)
    {
        var named = parts.Where(part => part.Name(bytes).SequenceEqual("charset"u8) || Ascii.Equals(part.Name(bytes), charsetField)).Take(2).ToArray();
        if (named.Length > 1)
        {
            return Duplicate("charset");
        }

        var label = named.Length == 0 ? otherwise : Encoding.Latin1.GetString(named[0].Value(bytes));
        if (FormEncoding.Charset(label) is not { } charset)
        {
            return Malformed("The charset is neither UTF-8 nor GBK.");
        }

        return Fault(bytes, parts, charset) ?? Sorted(bytes, parts, charset);
    }

    private static RawFormResult.Refused? Fault(byte[] bytes, Part[] parts, Encoding charset)
    {
        foreach (var part in parts)
        {
            if (!FormEncoding.IsText(charset, part.Name(bytes)) || !FormEncoding.IsText(charset, part.Value(bytes)))
            {
                return Malformed($"Bytes that are not {charset.WebName}.");
            }

            if (HasBrackets(charset, part.Name(bytes)))
            {
                return Malformed("A field name with brackets.");
            }
        }

        return null;
    }

    private static RawFormResult Sorted(byte[] bytes, Part[] parts, Encoding charset)
    {
        Array.Sort(parts, (x, y) => x.Name(bytes).SequenceCompareTo(y.Name(bytes)));
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Name(bytes).SequenceEqual(parts[i - 1].Name(bytes)))
            {
                return Duplicate(charset.GetString(parts[i].Name(bytes)));
            }
        }

        return new RawFormResult.Parsed(new RawForm(bytes, parts, charset));
    }

    /// <summary>In GBK the second half of a character may look like one.</summary>
    private static bool HasBrackets(Encoding charset, ReadOnlySpan<byte> name) =>
        name.ContainsAny((byte)'[', (byte)']') && (Ascii.IsValid(name) || charset.GetString(name).AsSpan().ContainsAny('[', ']'));

    private RawField Field(Part part) => new(
        part.Name(_bytes).ToArray(), part.Value(_bytes).ToArray(), Charset.GetString(part.Name(_bytes)), Charset.GetString(part.Value(_bytes)));

    private static RawFormResult.Refused Malformed(string detail) => new(RejectionReasons.MalformedRequest, detail);

    private static RawFormResult.Refused Duplicate(string name) =>
        new(RejectionReasons.DuplicateField, $"The field {(name.Length <= 40 ? name : name[..40] + "…")} comes twice.");

    /// <summary>Where a field lies: its name, and its value at once behind it.</summary>
    private readonly record struct Part(int Start, int NameLength, int ValueLength)
    {
        public ReadOnlySpan<byte> Name(byte[] bytes) => bytes.AsSpan(Start, NameLength);

        public ReadOnlySpan<byte> Value(byte[] bytes) => bytes.AsSpan(Start + NameLength, ValueLength);
    }
}

internal abstract record RawFormResult
{
    public sealed record Parsed(RawForm Form) : RawFormResult;

    /// <param name="Reason">One of <see cref="RejectionReasons"/>.</param>
    public sealed record Refused(string Reason, string Detail) : RawFormResult;
}
