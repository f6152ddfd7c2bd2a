using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>The <c>Authorization</c> header of a request to WeChat Pay. The order of its parts is free.</summary>
public sealed partial record WeChatAuthorization(string MerchantNo, string Nonce, string Timestamp, string Serial, string Signature)
{
    private const string Scheme = "WECHATPAY2-SHA256-RSA2048 ";

    /// <returns>Null when the header is not of this scheme or a part is missing or doubled.</returns>
    public static WeChatAuthorization? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.Ordinal) || !Whole().IsMatch(header[Scheme.Length..]))
        {
            return null;
        }

        var parts = Part().Matches(header).GroupBy(match => match.Groups[1].Value).ToDictionary(group => group.Key, group => group.ToList());
        return parts.Values.All(found => found.Count == 1) && Value("mchid") is { } merchant && Value("nonce_str") is { Length: <= 32 } nonce
            && Value("timestamp") is { } timestamp && Value("serial_no") is { } serial && Value("signature") is { } signature
            ? new WeChatAuthorization(merchant, nonce, timestamp, serial, signature)
            : null;

        string? Value(string name) => parts.TryGetValue(name, out var found) ? found[0].Groups[2].Value : null;
    }

    /// <summary>The text that the merchant has signed.</summary>
    /// <param name="target">Path and query exactly as they stood on the wire.</param>
    public byte[] SignedText(string method, string target, byte[] body) =>
        [.. Encoding.UTF8.GetBytes($"{method}\n{target}\n{Timestamp}\n{Nonce}\n"), .. body, (byte)'\n'];

    /// <summary>Within five minutes, as WeChat asks.</summary>
    public bool IsFresh(DateTimeOffset now) => long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - seconds) < 300;

    [GeneratedRegex("^(?:[a-z_]+=\"[^\"]*\")(?:, *[a-z_]+=\"[^\"]*\")*$")]
    private static partial Regex Whole();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Part();
}
