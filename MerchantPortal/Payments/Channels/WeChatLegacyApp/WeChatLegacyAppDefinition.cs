using System.Text.Json.Nodes;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>
/// WeChat's first payment interface for apps (微信开放平台 APP 支付, 2013–2014): access_token, package, app_signature. WeChat has closed
/// it; it is here for apps that still speak it to a gateway of their own, and for the notifications of that time.
/// </summary>
internal sealed class WeChatLegacyAppDefinition : IChannelDefinition
{
    public const string Name = "wechat-app";

    public string Channel => Name;

    public string SettingsSection => "WeChatApp";

    public Uri OfficialBaseUrl { get; } = new("https://api.weixin.qq.com/");

    public bool IsLegacy => true;

    public bool CanClose => false;

    /// <summary>Params for the merchant's own app; nothing that a checkout page could show.</summary>
    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.App];

    /// <summary>The interface of 2014 has no refund.</summary>
    public string? RefundObstacle => RefundFailures.NotOffered;

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(WeChatLegacyAppForm.AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatLegacyAppForm.AppSecret, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(WeChatLegacyAppForm.PartnerId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatLegacyAppForm.PartnerKey, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(WeChatLegacyAppForm.PaySignKey, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    public ChannelFormResult Read(JsonObject form) => WeChatLegacyAppForm.Read(form);

    public IPaymentChannel Open(ChannelSettings settings) => new WeChatLegacyAppChannel(settings);
}
