using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// Reads the form of an account. Which fields are filled says how Alipay's words are proven: by 支付宝公钥 (key mode, 密钥模式) or by three
/// certificates (certificate mode, 证书模式). Both at once are refused, so that nobody has to guess which one counts.
/// </summary>
internal sealed class AlipayOpenApiForm
{
    internal const string AppId = "app_id";
    internal const string SellerId = "seller_id";
    internal const string AppPrivateKey = "app_private_key";
    internal const string AlipayPublicKey = "alipay_public_key";
    internal const string AppCertificate = "app_certificate";
    internal const string AlipayCertificate = "alipay_certificate";
    internal const string AlipayRootCertificate = "alipay_root_certificate";

    private readonly ChannelFormReader _form;

    private AlipayOpenApiForm(JsonObject form) => _form = new(form);

    internal static ChannelFormResult Read(JsonObject form) => new AlipayOpenApiForm(form).ReadAll();

    private ChannelFormResult ReadAll()
    {
        var appId = Digits(AppId, "the number of the app at 支付宝开放平台 (APPID)");
        var sellerId = Digits(SellerId, "the merchant's own number (PID), which begins with 2088");
        if (sellerId is not null && sellerId == appId)
        {
            _form.Refuse(SellerId, "This is the number of the app. Enter the merchant's own number (PID), which begins with 2088.");
        }

        var own = Key(AppPrivateKey, KeyText.ReadPrivateKey(_form.Text(AppPrivateKey)));
        if (!_form.IsFilled(AppCertificate) && !_form.IsFilled(AlipayCertificate) && !_form.IsFilled(AlipayRootCertificate))
        {
            ReadPublicKey(own);
        }
        else if (_form.IsFilled(AlipayPublicKey))
        {
            _form.Refuse(AlipayPublicKey, "Fill in either 支付宝公钥 (key mode) or the three certificates (certificate mode), not both.");
        }
        else
        {
            ReadCertificates(own);
        }

        return _form.Finish(merchantId: sellerId ?? "", appId ?? "");
    }

    private void ReadPublicKey(KeyReadResult.Readable? own)
    {
        var alipay = Key(AlipayPublicKey, KeyText.ReadPublicKey(_form.Text(AlipayPublicKey)));
        if (alipay is { Certificate: not null })
        {
            _form.Refuse(AlipayPublicKey, "This is a certificate. Paste 支付宝公钥 as text, or leave this empty and paste all three certificates below.");
        }
        else if (alipay is not null && alipay.Fingerprint == own?.Fingerprint)
        {
            _form.Refuse(AlipayPublicKey, "This is the app's own public key (应用公钥). Paste 支付宝公钥, which Alipay shows after the app's key was uploaded.");
        }
    }

    private void ReadCertificates(KeyReadResult.Readable? own)
    {
        var app = Certificate(AppCertificate, "appCertPublicKey_….crt (应用公钥证书)");
        var alipay = Certificate(AlipayCertificate, "alipayCertPublicKey_RSA2.crt (支付宝公钥证书)");
        var root = AlipayOpenApiCertificate.ReadAll(_form.Text(AlipayRootCertificate));
        if (AlipayOpenApiCertificate.RootNumber(root) is not { } rootNumber)
        {
            _form.Refuse(AlipayRootCertificate, "Paste the whole of alipayRootCert.crt (支付宝根证书).");
        }
        else
        {
            _form.Keep(AlipayRootCertificate, string.Join('\n', root.Select(certificate => certificate.Pem)));
            _form.Show(AlipayRootCertificate, rootNumber[..16]);
        }

        if (app is not null && own is not null && app.Key.Fingerprint != own.Fingerprint)
        {
            _form.Refuse(AppCertificate, "This certificate does not belong to the app's private key (应用私钥).");
        }

        if (alipay is not null && (alipay.Key.Fingerprint == own?.Fingerprint || root.Any(certificate => certificate.Number == alipay.Number)))
        {
            _form.Refuse(AlipayCertificate, "This is another of the three certificates. Paste alipayCertPublicKey_RSA2.crt (支付宝公钥证书).");
        }
    }

    private CertificateWithKey? Certificate(string name, string file)
    {
        // Alipay's file goes on with the certificate that signed the first one.
        if (AlipayOpenApiCertificate.ReadAll(_form.Text(name)) is not [var first, ..] || KeyText.ReadPublicKey(first.Pem) is not KeyReadResult.Readable key)
        {
            _form.Refuse(name, $"Paste the whole of {file}.");
            return null;
        }

        _form.Keep(name, first.Pem);
        _form.Show(name, key.Fingerprint);
        return new(first.Number, key);
    }

    private string? Digits(string name, string meaning)
    {
        var text = _form.Text(name);
        if (text is { Length: > 0 and <= 32 } && text.All(char.IsAsciiDigit))
        {
            _form.Keep(name, text);
            return text;
        }

        _form.Refuse(name, text.Length == 0 ? $"Enter {meaning}." : $"Only digits are expected here: {meaning}.");
        return null;
    }

    private KeyReadResult.Readable? Key(string name, KeyReadResult result) => _form.ReadKey(name, result, unreadable => unreadable.Reason switch
    {
        KeyReadFailure.PublicInsteadOfPrivate => "This is a public key. Paste 应用私钥, the app's private key.",
        KeyReadFailure.CertificateInsteadOfPrivate => "This is a certificate. Paste 应用私钥, the app's private key.",
        KeyReadFailure.PrivateInsteadOfPublic => "This is a private key. Paste 支付宝公钥, and replace the private key if others have seen it.",
        KeyReadFailure.Empty => name == AppPrivateKey
            ? "Paste 应用私钥, the app's private key."
            : "Paste 支付宝公钥. An app in certificate mode (证书模式) has the three certificates instead.",
        _ => unreadable.Message,
    });

    private sealed record CertificateWithKey(string Number, KeyReadResult.Readable Key);
}
