using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>The keys of an account, parsed once.</summary>
internal sealed class AlipayOpenApiKeys
{
    /// <param name="form">One that <see cref="AlipayOpenApiForm.Read"/> has normalised.</param>
    public AlipayOpenApiKeys(JsonObject form)
    {
        Certificates = form[AlipayOpenApiForm.AlipayCertificate] is null ? null : AlipayOpenApiCertificates.Of(form);
        var proof = Text(form, Certificates is null ? AlipayOpenApiForm.AlipayPublicKey : AlipayOpenApiForm.AlipayCertificate);
        if (KeyText.ReadPublicKey(proof) is not KeyReadResult.Readable alipay)
        {
            throw new InvalidOperationException("The stored key of Alipay cannot be read.");
        }

        (AlipayPem, AlipayFingerprint) = (alipay.Pem, alipay.Fingerprint);
        Alipay = new KeptKey(alipay.Pem);
        App = new KeptKey(Text(form, AlipayOpenApiForm.AppPrivateKey));
    }

    /// <summary>应用私钥: signs our requests.</summary>
    public KeptKey App { get; }

    /// <summary>支付宝公钥, or the key of 支付宝公钥证书: proves what Alipay says.</summary>
    public KeptKey Alipay { get; }

    public string AlipayPem { get; }

    public string AlipayFingerprint { get; }

    /// <summary>Null in key mode.</summary>
    public AlipayOpenApiCertificates? Certificates { get; }

    internal static string Text(JsonObject form, string name) =>
        (string?)form[name] ?? throw new InvalidOperationException($"The stored form has no {name}.");
}

/// <summary>The numbers by which both sides say, in certificate mode, which certificates they mean.</summary>
/// <param name="App">Goes with every request as <c>app_cert_sn</c>.</param>
/// <param name="Root">Goes with every request as <c>alipay_root_cert_sn</c>.</param>
/// <param name="Alipay">Comes with every answer as <c>alipay_cert_sn</c>.</param>
internal sealed record AlipayOpenApiCertificates(string App, string Root, string Alipay)
{
    public static AlipayOpenApiCertificates Of(JsonObject form) => new(
        First(form, AlipayOpenApiForm.AppCertificate),
        AlipayOpenApiCertificate.RootNumber(AlipayOpenApiCertificate.ReadAll(AlipayOpenApiKeys.Text(form, AlipayOpenApiForm.AlipayRootCertificate)))
            ?? throw new InvalidOperationException("The stored root certificate cannot be read."),
        First(form, AlipayOpenApiForm.AlipayCertificate));

    private static string First(JsonObject form, string name) =>
        AlipayOpenApiCertificate.ReadAll(AlipayOpenApiKeys.Text(form, name)) is [var first, ..]
            ? first.Number
            : throw new InvalidOperationException($"The stored {name} cannot be read.");
}
