using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>WeChat Pay's older interface (微信支付 APIv2): XML, and one key that both sides share.</summary>
internal sealed class WeChatPayV2Definition : IChannelDefinition
{
    public const string Name = "wechat-v2";

    public string Channel => Name;

    public string SettingsSection => "WeChatPayV2";

    public Uri OfficialBaseUrl { get; } = new("https://api.mch.weixin.qq.com/");

    public bool IsLegacy => true;

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Native, PaymentMethod.Jsapi, PaymentMethod.App, PaymentMethod.H5];

    public IReadOnlyList<Uri> BuyerPages { get; } = [new("https://wx.tenpay.com")];

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(WeChatPayV2Form.MchId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatPayV2Form.AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(WeChatPayV2Form.Key, ChannelFieldKind.Text, IsSecret: true, IsRequired: true),
        new(WeChatPayV2Form.SignType, ChannelFieldKind.Choice, IsSecret: false, IsRequired: false)
        {
            Choices = [WeChatPayV2Form.Md5, WeChatPayV2Form.HmacSha256],
        },
        new(WeChatPayV2Form.ClientCertificate, ChannelFieldKind.ClientCertificate, IsSecret: true, IsRequired: false),
        new(WeChatPayV2Form.AppSecret, ChannelFieldKind.Text, IsSecret: true, IsRequired: false),
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    public ChannelFormResult Read(JsonObject form) => WeChatPayV2Form.Read(form);

    public IPaymentChannel Open(ChannelSettings settings) => new WeChatPayV2Channel(settings);
}
