using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>An account's identity and key, opened once.</summary>
internal sealed class WeChatPayV2Account
{
    /// <param name="form">One that <see cref="WeChatPayV2Form.Read"/> has normalised.</param>
    internal WeChatPayV2Account(JsonObject form)
    {
        MerchantId = Text(form, WeChatPayV2Form.MchId);
        AppId = Text(form, WeChatPayV2Form.AppId);
        SignType = Text(form, WeChatPayV2Form.SignType);
        Key = Text(form, WeChatPayV2Form.Key);
        Digest = DigestOf(SignType, Key);
        RefundKey = RefundKeyOf(Key);
        KeyFingerprint = Mask.Fingerprint(Encoding.UTF8.GetBytes(Key));
    }

    internal string MerchantId { get; }

    internal string AppId { get; }

    /// <summary>The algorithm that this account signs with and believes; no message can choose another.</summary>
    internal string SignType { get; }

    internal string Key { get; }

    internal KeyedDigest Digest { get; }

    /// <summary>32 bytes, for the sealed part of refund notifications.</summary>
    internal byte[] RefundKey { get; }

    internal string KeyFingerprint { get; }

    internal static KeyedDigest DigestOf(string signType, string key) => signType switch
    {
        WeChatPayV2Form.Md5 => KeyedDigest.Md5(key, WeChatWire.KeyGlue, upper: true),
        WeChatPayV2Form.HmacSha256 => KeyedDigest.HmacSha256(key, WeChatWire.KeyGlue),
        _ => throw new InvalidOperationException("The stored form has no known sign_type."),
    };

    /// <summary>The 32 characters of the digest's hexadecimal text, not its 16 bytes.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "WeChat Pay derives the key so.")]
    internal static byte[] RefundKeyOf(string key) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(key))));

    /// <summary>The text that is signed, without the key.</summary>
    internal static string SignedText(IEnumerable<KeyValuePair<string, string>> fields) => SortedFields.Text(fields, WeChatWire.Sign);

    private static string Text(JsonObject form, string name) => (string?)form[name] ?? "";
}
