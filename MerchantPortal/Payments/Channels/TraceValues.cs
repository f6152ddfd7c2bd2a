using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MerchantPortal.Payments.Channels;

/// <summary>The few values beside a trace step. An array, because every callback makes several and nobody looks one up.</summary>
internal sealed class TraceValues : IReadOnlyDictionary<string, string>
{
    private readonly KeyValuePair<string, string>[] _pairs;

    private TraceValues(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    public int Count => _pairs.Length;

    public IEnumerable<string> Keys => _pairs.Select(pair => pair.Key);

    public IEnumerable<string> Values => _pairs.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <param name="pairs">A null value is shown as a dash.</param>
    public static TraceValues Of(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var copy = new KeyValuePair<string, string>[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            copy[i] = new(pairs[i].Name, pairs[i].Value ?? "–");
        }

        return new(copy);
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = Array.Find(_pairs, pair => pair.Key == key).Value;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
