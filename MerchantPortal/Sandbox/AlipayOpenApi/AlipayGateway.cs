using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>openapi.alipay.com.</summary>
internal sealed class AlipayGateway(SandboxWriter writer, SandboxKeys keys, MakeKeyPair makeKeyPair, TimeProvider time) : ISandboxGateway
{
    public string Channel => SandboxChannels.Alipay;

    public void Map(IEndpointRouteBuilder sandbox) => AlipayEndpoints.Map(sandbox);

    public Task<JsonObject> RegisterAsync(CancellationToken cancellationToken) => RegisterAsync(inCertificateMode: false, cancellationToken);

    /// <param name="variant"><c>certificate</c>: 公钥证书模式.</param>
    public async Task<JsonObject?> RegisterAsync(string variant, CancellationToken cancellationToken) =>
        variant is "" or "certificate" ? await RegisterAsync(variant.Length > 0, cancellationToken) : null;

    private async Task<JsonObject> RegisterAsync(bool inCertificateMode, CancellationToken cancellationToken)
    {
        using var rsa = makeKeyPair();
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.Alipay,
            MerchantNo = SandboxNumbers.MerchantNumber("2088", 16),
            AppId = SandboxNumbers.MerchantNumber("9021000", 16),
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            CreatedAt = time.GetUtcNow(),
        };
        var form = new JsonObject
        {
            ["app_id"] = merchant.AppId,
            ["seller_id"] = merchant.MerchantNo,
            ["app_private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
        };
        if (inCertificateMode)
        {
            await CertifyAsync(merchant, rsa, form, cancellationToken);
        }
        else
        {
            form["alipay_public_key"] = (await keys.GetAsync(SandboxKeyName.Alipay, cancellationToken)).PublicPart;
        }

        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return form;
    }

    private async Task CertifyAsync(SandboxMerchant merchant, RSA rsa, JsonObject form, CancellationToken cancellationToken)
    {
        var root = await keys.GetAsync(SandboxKeyName.AlipayRoot, cancellationToken);
        var alipay = await keys.GetAsync(SandboxKeyName.AlipayCertificate, cancellationToken);
        var (certificate, number) = AlipayAuthority.Certify(root, $"{merchant.MerchantNo}-{merchant.AppId}", rsa, time);
        merchant.Secrets[AlipayMerchants.AppCertificateNumber] = number;
        merchant.Secrets[AlipayMerchants.RootCertificateNumber] = root.Serial;
        form["app_certificate"] = certificate;
        // As Alipay's own file: the certificate, then the one that signed it.
        form["alipay_certificate"] = $"{alipay.PublicPart}\n{root.PublicPart}";
        form["alipay_root_certificate"] = root.PublicPart;
    }
}
