using System.Globalization;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>The signature headers of a notification or an answer. Lower-case names, as captures keep them.</summary>
internal sealed record WeChatPayV3Headers(string Timestamp, long UnixSeconds, string Nonce, string Serial, string Signature)
{
    internal const string TimestampName = "wechatpay-timestamp";
    internal const string NonceName = "wechatpay-nonce";
    internal const string SerialName = "wechatpay-serial";
    internal const string SignatureName = "wechatpay-signature";
    internal const string SignatureTypeName = "wechatpay-signature-type";

    internal static readonly string[] Names = [TimestampName, NonceName, SerialName, SignatureName, SignatureTypeName];

    /// <summary>Longest nonce and serial that are read; the gateway's have at most 45 characters.</summary>
    internal const int MaxTokenLength = 128;

    private const int MaxSignatureLength = 1024;

    /// <summary>The signature that the gateway sends to see whether we verify begins so. It gets no treatment of its own.</summary>
    internal bool IsProbe => Signature.StartsWith("WECHATPAY/SIGNTEST/", StringComparison.Ordinal);

    internal abstract record Reading
    {
        internal sealed record Present(WeChatPayV3Headers Headers) : Reading;

        /// <param name="Reason">One of <see cref="RejectionReasons"/>.</param>
        internal sealed record Refused(string Reason, string Detail) : Reading;
    }

    internal static Reading Read(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var name in Names)
        {
            if (headers.TryGetValue(name, out var value) && Fault(name, value) is { } fault)
            {
                return fault;
            }
        }

        if (Missing(headers, TimestampName, NonceName, SerialName) is { } missing)
        {
            return new Reading.Refused(RejectionReasons.HeaderMissing, $"The header {missing} is missing.");
        }

        if (Missing(headers, SignatureName) is not null)
        {
            return new Reading.Refused(RejectionReasons.SignatureMissing, $"The header {SignatureName} is missing.");
        }

        return headers.TryGetValue(SignatureTypeName, out var type) && type != WeChatPayV3Signature.Type
            ? new Reading.Refused(RejectionReasons.UnsupportedAlgorithm, $"The signature type is {type}; only {WeChatPayV3Signature.Type} is accepted.")
            : WithTimestamp(headers);
    }

    private static Reading WithTimestamp(IReadOnlyDictionary<string, string> headers) => ParseSeconds(headers[TimestampName]) is { } seconds
        ? new Reading.Present(new(headers[TimestampName], seconds, headers[NonceName], headers[SerialName], headers[SignatureName]))
        : new Reading.Refused(RejectionReasons.MalformedRequest, "The timestamp is not a whole number of seconds.");

    private static Reading.Refused? Fault(string name, string value) =>
        value.Contains('\n', StringComparison.Ordinal) ? new(RejectionReasons.DuplicateField, $"The header {name} was sent more than once.")
        : value.Length > (name == SignatureName ? MaxSignatureLength : MaxTokenLength) ? new(RejectionReasons.MalformedRequest, $"The header {name} is too long.")
        : name != SignatureName && value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new(RejectionReasons.MalformedRequest, $"The header {name} holds something else than visible ASCII.")
        : null;

    private static string? Missing(IReadOnlyDictionary<string, string> headers, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!headers.TryGetValue(name, out var value) || value.Length == 0)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>ASCII digits only: no sign, no leading zero.</summary>
    private static long? ParseSeconds(string text) =>
        text.Length is 0 or > 12 || text[0] == '0' || text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? null
            : long.Parse(text, CultureInfo.InvariantCulture);
}
