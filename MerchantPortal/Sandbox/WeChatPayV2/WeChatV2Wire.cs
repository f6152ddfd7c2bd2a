using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>Texts as WeChat Pay's version 2 writes, signs and seals them.</summary>
internal static class WeChatV2Wire
{
    public const string Root = "xml";

    /// <summary>Field of <see cref="SandboxMerchant.Secrets"/>.</summary>
    public const string Key = "key";
    public const string Md5 = "MD5";
    public const string HmacSha256 = "HMAC-SHA256";

    /// <summary>Upper-case hexadecimal over the sorted fields and the key.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol's own digest.")]
    public static string Sign(IEnumerable<KeyValuePair<string, string>> fields, string signType, string key)
    {
        var pairs = fields.Where(field => field.Key != "sign" && field.Value.Length > 0).OrderBy(field => field.Key, StringComparer.Ordinal);
        var text = Encoding.UTF8.GetBytes(string.Concat(pairs.Select(field => $"{field.Key}={field.Value}&")) + $"key={key}");
        return Convert.ToHexString(signType == HmacSha256 ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), text) : MD5.HashData(text));
    }

    public static byte[] Xml(IEnumerable<KeyValuePair<string, string>> fields) => FlatXml.Write(Root, fields);

    /// <summary><c>req_info</c> of a refund notification: AES-256 in ECB mode under the hexadecimal digest of the key.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol's own derivation.")]
    [SuppressMessage("Security", "CA5358", Justification = "The protocol's own mode.")]
    public static byte[] Seal(IEnumerable<KeyValuePair<string, string>> fields, string key)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(key))));
        return aes.EncryptEcb(FlatXml.Write("root", fields), PaddingMode.PKCS7);
    }

    public static string TradeType(TradeProduct product) => product == TradeProduct.H5 ? "MWEB" : product.ToString().ToUpperInvariant();

    public static string Nonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
