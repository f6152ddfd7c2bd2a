using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Alipay's current interface (支付宝开放平台), in key mode or certificate mode, always with RSA2.</summary>
internal sealed class AlipayOpenApiDefinition : IChannelDefinition
{
    public const string Name = "alipay";

    public string Channel => Name;

    public string SettingsSection => "Alipay";

    public Uri OfficialBaseUrl { get; } = new("https://openapi.alipay.com/");

    public bool IsLegacy => false;

    public TimeOnly? BillsReadyAt { get; } = new(9, 30);

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Precreate, PaymentMethod.App];

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(AlipayOpenApiForm.AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(AlipayOpenApiForm.SellerId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(AlipayOpenApiForm.AppPrivateKey, ChannelFieldKind.PrivateKey, IsSecret: true, IsRequired: true),
        new(AlipayOpenApiForm.AlipayPublicKey, ChannelFieldKind.PublicKey, IsSecret: true, IsRequired: false) { ReplacedBy = Certificates },
        new(AlipayOpenApiForm.AppCertificate, ChannelFieldKind.Certificate, IsSecret: false, IsRequired: false),
        new(AlipayOpenApiForm.AlipayCertificate, ChannelFieldKind.Certificate, IsSecret: false, IsRequired: false),
        new(AlipayOpenApiForm.AlipayRootCertificate, ChannelFieldKind.Certificate, IsSecret: false, IsRequired: false),
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    private static string[] Certificates => [AlipayOpenApiForm.AppCertificate, AlipayOpenApiForm.AlipayCertificate, AlipayOpenApiForm.AlipayRootCertificate];

    public ChannelFormResult Read(JsonObject form) => AlipayOpenApiForm.Read(form);

    public IPaymentChannel Open(ChannelSettings settings) => new AlipayOpenApiChannel(settings);
}
