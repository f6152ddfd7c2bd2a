using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels;

/// <summary>Reads an account's form field by field, and gathers what is stored, what may be shown of each key, and what is wrong.</summary>
/// <param name="text">How a value is read; <see cref="Trimmed"/> by default.</param>
internal sealed class ChannelFormReader(JsonObject form, Func<JsonNode?, string>? text = null)
{
    private readonly Func<JsonNode?, string> _text = text ?? Trimmed;
    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _expiries = new(StringComparer.Ordinal);
    private readonly JsonObject _normalised = [];

    /// <returns>Empty when the value is absent or not text.</returns>
    public static string Trimmed(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text.Trim() : "";

    /// <summary>Takes a number that somebody's program wrote without quotes, too.</summary>
    /// <returns>Empty when the value is absent, an object or an array.</returns>
    public static string TrimmedOrNumber(JsonNode? node) => node is JsonValue value ? value.ToString().Trim() : "";

    /// <summary>Drops blanks and line ends within a value, too: for forms none of whose values has any.</summary>
    public static string WithoutBlanks(JsonNode? node) => string.Concat(Trimmed(node).Where(letter => !char.IsWhiteSpace(letter)));

    public bool HasFaults => _errors.Count > 0;

    /// <summary>The field as it was filled in; empty when it was not.</summary>
    public string Text(string name) => _text(form[name]);

    public bool IsFilled(string name) => Text(name).Length > 0;

    /// <summary>Reads a field that must look like <paramref name="pattern"/>.</summary>
    public string Read(string name, Regex pattern, string error)
    {
        var given = Text(name);
        Keep(name, given);
        if (!pattern.IsMatch(given))
        {
            Refuse(name, error);
        }

        return given;
    }

    /// <summary>The same, for a secret that is shown by its fingerprint.</summary>
    public string ReadSecret(string name, Regex pattern, string error)
    {
        var given = Read(name, pattern, error);
        Show(name, Mask.Fingerprint(Encoding.UTF8.GetBytes(given)));
        return given;
    }

    /// <param name="explain">What is wrong with a key that cannot be read; its own message by default.</param>
    /// <returns>Null when it cannot be read.</returns>
    public KeyReadResult.Readable? ReadKey(string name, KeyReadResult result, Func<KeyReadResult.Unreadable, string>? explain = null)
    {
        if (result is KeyReadResult.Readable readable)
        {
            Keep(name, readable.Pem);
            Show(name, readable.Fingerprint);
            return readable;
        }

        var unreadable = (KeyReadResult.Unreadable)result;
        Refuse(name, explain?.Invoke(unreadable) ?? unreadable.Message);
        return null;
    }

    /// <summary>What is stored of a field.</summary>
    public void Keep(string name, JsonNode value) => _normalised[name] = value;

    /// <summary>What may be shown of a key.</summary>
    /// <param name="notAfter">When its certificate ends; null for a bare key.</param>
    public void Show(string name, string fingerprint, DateTimeOffset? notAfter = null)
    {
        _fingerprints[name] = fingerprint;
        if (notAfter is { } end)
        {
            _expiries[name] = end;
        }
    }

    public void Refuse(string name, string error) => _errors[name] = error;

    public ChannelFormResult Finish(string merchantId, string appId) => HasFaults
        ? new ChannelFormResult.Invalid(_errors)
        : new ChannelFormResult.Valid(_normalised, merchantId, appId, _fingerprints) { Expiries = _expiries };
}
