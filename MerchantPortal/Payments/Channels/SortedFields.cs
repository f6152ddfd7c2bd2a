using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>The text that shared-key gateways sign: <c>name=value</c>, sorted by the bytes of the name, joined by <c>&amp;</c>, values raw, empty ones left out.</summary>
internal static class SortedFields
{
    /// <param name="without">Names that are not part of the text, such as <c>sign</c>.</param>
    public static string Text(IEnumerable<KeyValuePair<string, string>> fields, params ReadOnlySpan<string> without)
    {
        var signed = new List<KeyValuePair<string, string>>();
        foreach (var field in fields)
        {
            if (field.Value.Length > 0 && !without.Contains(field.Key))
            {
                signed.Add(field);
            }
        }

        signed.Sort(static (x, y) => CompareBytes(x.Key, y.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in signed)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(name).Append('=').Append(value);
        }

        return text.ToString();
    }

    /// <summary>
    /// The order of UTF-8 bytes. UTF-16's ordinal order is the same but for the halves of surrogate pairs, which stand above
    /// everything in UTF-8 and not in UTF-16.
    /// </summary>
    internal static int CompareBytes(string x, string y)
    {
        var length = x.AsSpan().CommonPrefixLength(y);
        if (length == x.Length || length == y.Length)
        {
            return x.Length - y.Length;
        }

        var (left, right) = (char.IsSurrogate(x[length]), char.IsSurrogate(y[length]));
        return left == right ? x[length] - y[length] : left ? 1 : -1;
    }
}
