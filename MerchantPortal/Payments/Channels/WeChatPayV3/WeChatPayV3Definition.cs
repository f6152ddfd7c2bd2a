using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Channels.WeChatOAuth;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>WeChat Pay APIv3 (微信支付).</summary>
public sealed class WeChatPayV3Definition : IChannelDefinition
{
    internal const string Name = "wechat-v3";

    public string Channel => Name;

    public string SettingsSection => "WeChatPayV3";

    public Uri OfficialBaseUrl { get; } = new("https://api.mch.weixin.qq.com");

    public bool IsLegacy => false;

    public bool HandsOutKeys => true;

    public TimeOnly? BillsReadyAt { get; } = new(10, 0);

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Native, PaymentMethod.H5, PaymentMethod.Jsapi, PaymentMethod.App];

    /// <summary>Where H5 opens WeChat from.</summary>
    public IReadOnlyList<Uri> BuyerPages { get; } = [new("https://wx.tenpay.com")];

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(WeChatPayV3Form.MchId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatPayV3Form.AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatPayV3Form.MerchantSerial, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatPayV3Form.MerchantPrivateKey, ChannelFieldKind.PrivateKey, IsSecret: true, IsRequired: true),
        new(WeChatPayV3Form.ApiV3Key, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(WeChatPayV3Form.PlatformKeys, ChannelFieldKind.PublicKeyRing, IsSecret: false, IsRequired: false),
        new(WeChatPayV3Form.AppSecret, ChannelFieldKind.Text, IsSecret: true, IsRequired: false),
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } =
    [
        "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature", "Wechatpay-Signature-Type",
        "Content-Type", "Content-Encoding", "User-Agent", "Request-Id",
    ];

    public ChannelFormResult Read(JsonObject form) => WeChatPayV3Form.Read(form);

    public IPaymentChannel Open(ChannelSettings settings)
    {
        var keys = new WeChatPayV3Keys(settings.Form, settings.PlatformCertificates);
        var gateway = new WeChatPayV3Gateway(keys, settings.BaseUrl, settings.Http, settings.Time, settings.RefreshKeys);
        return new WeChatPayV3Channel(
            keys,
            gateway,
            new WeChatPayV3Bills(gateway, settings.BaseUrl, new BillTransfer(settings.Http, settings.Time)),
            new WeChatVisitor(keys.AppId, keys.AppSecret, settings.WeChat, settings.Http, settings.Time),
            settings.Time);
    }
}
