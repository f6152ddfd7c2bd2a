namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>The text of mobile.securitypay.pay: <c>name="value"</c> pairs, not sorted and not escaped, signed as they stand.</summary>
internal static class AlipayMapiOrderString
{
    /// <exception cref="ArgumentException">A value holds a quote: it would break out of its place.</exception>
    public static string Signed(IReadOnlyList<KeyValuePair<string, string>> fields, AlipayMapiSignature signature)
    {
        if (fields.FirstOrDefault(field => field.Value.Contains('"', StringComparison.Ordinal)).Key is { } broken)
        {
            throw new ArgumentException($"The field {broken} holds a quote.", nameof(fields));
        }

        return Signed(string.Join('&', fields.Select(field => $"{field.Key}=\"{field.Value}\"")), signature);
    }

    /// <summary>The signature is the one value that is percent-encoded: its plus signs would become blanks.</summary>
    internal static string Signed(string text, AlipayMapiSignature signature) =>
        $"{text}&{MapiWire.Sign}=\"{Uri.EscapeDataString(signature.Sign(text))}\"&{MapiWire.SignType}=\"{signature.Name}\"";
}
