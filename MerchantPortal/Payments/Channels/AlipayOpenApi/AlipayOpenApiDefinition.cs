using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Alipay's current interface (支付宝开放平台), key mode.</summary>
internal sealed class AlipayOpenApiDefinition : IChannelDefinition
{
    public const string Name = "alipay";
    public const string AppId = "app_id";
    public const string SellerId = "seller_id";
    public const string AppPrivateKey = "app_private_key";
    public const string AlipayPublicKey = "alipay_public_key";

    public string Channel => Name;

    public string SettingsSection => "Alipay";

    public Uri OfficialBaseUrl { get; } = new("https://openapi.alipay.com/");

    public bool IsLegacy => false;

    public IReadOnlyList<PaymentMethod> Methods { get; } = [PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Precreate];

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new(AppId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(SellerId, ChannelFieldKind.Text, IsSecret: false, IsRequired: true),
        new(AppPrivateKey, ChannelFieldKind.PrivateKey, IsSecret: true, IsRequired: true),
        new(AlipayPublicKey, ChannelFieldKind.PublicKey, IsSecret: true, IsRequired: true),
    ];

    public IReadOnlyList<string> EvidenceHeaders { get; } = ["Content-Type", "Content-Encoding", "User-Agent"];

    public ChannelFormResult Read(JsonObject form)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        var appId = Digits(form, AppId, "the number of the app at 支付宝开放平台 (APPID)", errors);
        var sellerId = Digits(form, SellerId, "the merchant's own number (PID), which begins with 2088", errors);
        if (sellerId is not null && sellerId == appId)
        {
            errors[SellerId] = "This is the number of the app. Enter the merchant's own number (PID), which begins with 2088.";
        }

        var privateKey = Key(form, AppPrivateKey, text => KeyText.ReadPrivateKey(text), errors);
        var publicKey = Key(form, AlipayPublicKey, text => KeyText.ReadPublicKey(text), errors);
        if (publicKey is { Certificate: not null })
        {
            errors[AlipayPublicKey] = "This is a certificate. Accounts work in key mode (密钥模式): paste 支付宝公钥 as text.";
        }
        else if (publicKey is not null && publicKey.Fingerprint == privateKey?.Fingerprint)
        {
            errors[AlipayPublicKey] = "This is the app's own public key (应用公钥). Paste 支付宝公钥, which Alipay shows after the app's key was uploaded.";
        }

        return errors.Count > 0 || appId is null || sellerId is null || privateKey is null || publicKey is null
            ? new ChannelFormResult.Invalid(errors)
            : Valid(appId, sellerId, privateKey, publicKey);
    }

    public IPaymentChannel Open(ChannelSettings settings) => new AlipayOpenApiChannel(settings);

    private static ChannelFormResult.Valid Valid(string appId, string sellerId, KeyReadResult.Readable privateKey, KeyReadResult.Readable publicKey) => new(
        new JsonObject { [AppId] = appId, [SellerId] = sellerId, [AppPrivateKey] = privateKey.Pem, [AlipayPublicKey] = publicKey.Pem },
        MerchantId: sellerId,
        appId,
        new Dictionary<string, string>(StringComparer.Ordinal) { [AppPrivateKey] = privateKey.Fingerprint, [AlipayPublicKey] = publicKey.Fingerprint });

    private static string? Digits(JsonObject form, string name, string meaning, Dictionary<string, string> errors)
    {
        var text = Text(form, name);
        if (text is { Length: > 0 and <= 32 } && text.All(char.IsAsciiDigit))
        {
            return text;
        }

        errors[name] = text is null or { Length: 0 } ? $"Enter {meaning}." : $"Only digits are expected here: {meaning}.";
        return null;
    }

    private static KeyReadResult.Readable? Key(
        JsonObject form, string name, Func<string, KeyReadResult> read, Dictionary<string, string> errors)
    {
        var result = read(Text(form, name) ?? "");
        if (result is KeyReadResult.Unreadable unreadable)
        {
            errors[name] = unreadable.Reason switch
            {
                KeyReadFailure.PublicInsteadOfPrivate => "This is a public key. Paste 应用私钥, the app's private key.",
                KeyReadFailure.CertificateInsteadOfPrivate => "This is a certificate. Paste 应用私钥, the app's private key.",
                KeyReadFailure.PrivateInsteadOfPublic => "This is a private key. Paste 支付宝公钥, and replace the private key if others have seen it.",
                KeyReadFailure.Empty => name == AppPrivateKey ? "Paste 应用私钥, the app's private key." : "Paste 支付宝公钥.",
                _ => unreadable.Message,
            };
        }

        return result as KeyReadResult.Readable;
    }

    private static string? Text(JsonObject form, string name) =>
        form[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text.Trim() : null;
}
