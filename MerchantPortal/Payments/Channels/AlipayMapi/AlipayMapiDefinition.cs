using System.Text.Json.Nodes;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>
/// Alipay's former interface (mapi.alipay.com: 即时到账, 移动快捷支付), for contracts that still run on it. Its MD5 is a secret that both
/// sides can sign with, its RSA uses SHA-1, and its answers to closing and confirming are not signed at all.
/// </summary>
internal sealed class AlipayMapiDefinition : IChannelDefinition
{
    public const string Name = "alipay-mapi";

    public string Channel => Name;

    public string SettingsSection => "AlipayMapi";

    public Uri OfficialBaseUrl { get; } = new("https://mapi.alipay.com/");

    public bool IsLegacy => true;

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Page, PaymentMethod.App];

    /// <summary>Banks for private customers, by the codes of <c>defaultbank</c>.</summary>
    public IReadOnlyList<string> Banks { get; } =
    [
        "ICBCB2C", "CMB", "CCB", "ABC", "BOCB2C", "COMM", "PSBC-DEBIT", "CEB-DEBIT", "CMBC", "SPDB", "CITIC", "GDB", "CIB", "SPABANK", "BJBANK", "SHBANK", "NBBANK",
        "HZCBB2C",
    ];

    /// <summary>Alipay wants a person to type the payment password; newer contracts refund by the current interface.</summary>
    public string? RefundObstacle => RefundFailures.PasswordNeeded;

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(AlipayMapiForm.Partner, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(AlipayMapiForm.SellerEmail, ChannelFieldKind.Text, IsSecret: false, IsRequired: false),
        new(AlipayMapiForm.SignType, ChannelFieldKind.Choice, IsSecret: false, IsRequired: true) { Choices = [AlipayMapiForm.Md5, AlipayMapiForm.Rsa] },
        new(AlipayMapiForm.Key, ChannelFieldKind.Text, IsSecret: true, IsRequired: false) { OnlyWith = new(AlipayMapiForm.SignType, AlipayMapiForm.Md5) },
        new(AlipayMapiForm.PrivateKey, ChannelFieldKind.PrivateKey, IsSecret: true, IsRequired: false) { OnlyWith = new(AlipayMapiForm.SignType, AlipayMapiForm.Rsa) },
        new(AlipayMapiForm.AlipayPublicKey, ChannelFieldKind.PublicKey, IsSecret: true, IsRequired: false) { OnlyWith = new(AlipayMapiForm.SignType, AlipayMapiForm.Rsa) },
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    public ChannelFormResult Read(JsonObject form) => AlipayMapiForm.Read(form);

    public IPaymentChannel Open(ChannelSettings settings) => new AlipayMapiChannel(settings, Banks);
}
