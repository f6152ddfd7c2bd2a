using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>An account's numbers and keys. The partnerKey proves what Tenpay says, the paySignKey what WeChat says; only the secret travels.</summary>
internal sealed class WeChatLegacyAppKeys(JsonObject form)
{
    public string AppId { get; } = Text(form, WeChatLegacyAppForm.AppId);

    public string AppSecret { get; } = Text(form, WeChatLegacyAppForm.AppSecret);

    public string PartnerId { get; } = Text(form, WeChatLegacyAppForm.PartnerId);

    /// <summary>MD5 with the partnerKey, as Tenpay uses it.</summary>
    public KeyedDigest Partner { get; } = KeyedDigest.Md5(Text(form, WeChatLegacyAppForm.PartnerKey), "&key=", upper: true);

    public string PartnerFingerprint { get; } = Fingerprint(form, WeChatLegacyAppForm.PartnerKey);

    public string PaySignKey { get; } = Text(form, WeChatLegacyAppForm.PaySignKey);

    /// <summary>For telling a mix-up: MD5 with the wrong one of the two keys.</summary>
    public KeyedDigest Mistaken { get; } = KeyedDigest.Md5(Text(form, WeChatLegacyAppForm.PaySignKey), "&key=", upper: true);

    private static string Fingerprint(JsonObject form, string name) => Mask.Fingerprint(System.Text.Encoding.UTF8.GetBytes(Text(form, name)));

    private static string Text(JsonObject form, string name) =>
        (string?)form[name] is { Length: > 0 } text ? text : throw new InvalidOperationException($"The stored form has no {name}.");
}
