using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>The two signatures of the interface, as the gateway's side computes them.</summary>
internal static class WeChatAppSigning
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936) ?? throw new PlatformNotSupportedException("No code page 936.");

    public static Encoding Charset(string? label) => label is "GBK" ? Gbk : Encoding.UTF8;

    /// <summary>MD5, upper case, with the partnerKey behind the text.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol's own.")]
    public static string Package(IEnumerable<KeyValuePair<string, string>> fields, string partnerKey, Encoding charset) => Convert.ToHexString(
        MD5.HashData(charset.GetBytes($"{Text(fields.Where(field => field.Key != "sign" && field.Value.Length > 0))}&key={partnerKey}")));

    /// <summary>SHA-1, lower case, with the paySignKey among the fields.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol's own.")]
    public static string App(IEnumerable<KeyValuePair<string, string>> fields, string paySignKey) => Convert.ToHexStringLower(
        SHA1.HashData(Encoding.UTF8.GetBytes(Text(fields.Append(new("appkey", paySignKey))))));

    private static string Text(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
}
