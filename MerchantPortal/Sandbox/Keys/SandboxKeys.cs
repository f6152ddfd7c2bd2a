using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Keys;

/// <summary>The gateways' own key pairs: made at first use, then kept, so that accounts of yesterday still verify.</summary>
public sealed class SandboxKeys(SandboxWriter writer, TimeProvider time)
{
    private const int Bits = 2048;
    private const int SerialBytes = 20;

    private readonly ConcurrentDictionary<SandboxKeyName, SandboxKey> _known = new();

    public async Task<SandboxKey> GetAsync(SandboxKeyName name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var key))
        {
            return key;
        }

        var root = name == SandboxKeyName.AlipayCertificate ? await GetAsync(SandboxKeyName.AlipayRoot, cancellationToken) : null;
        return _known[name] = await writer.WriteAsync(
            async (db, ct) => await db.Keys.SingleOrDefaultAsync(row => row.Name == name, ct) ?? db.Keys.Add(Make(name, root)).Entity, cancellationToken);
    }

    /// <param name="root">Whoever certifies the key; null for a key that needs nobody.</param>
    private SandboxKey Make(SandboxKeyName name, SandboxKey? root)
    {
        using var rsa = RSA.Create(Bits);
        if (name is SandboxKeyName.AlipayRoot or SandboxKeyName.AlipayCertificate)
        {
            var (certificate, number) = root is null ? AlipayAuthority.MakeRoot(rsa, time) : AlipayAuthority.Certify(root, "支付宝 sandbox", rsa, time);
            return new SandboxKey { Name = name, PrivateKey = rsa.ExportPkcs8PrivateKeyPem(), Serial = number, PublicPart = certificate };
        }

        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // A serial is a positive number and has no leading zero.
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        return new SandboxKey
        {
            Name = name,
            PrivateKey = rsa.ExportPkcs8PrivateKeyPem(),
            Serial = name switch
            {
                SandboxKeyName.WeChatPublicKey => $"PUB_KEY_ID_0100000000{Convert.ToHexString(serial)[..22]}",
                SandboxKeyName.WeChatCertificate => Convert.ToHexString(serial),
                _ => "",
            },
            PublicPart = name == SandboxKeyName.WeChatCertificate ? Certificate(rsa, serial) : rsa.ExportSubjectPublicKeyInfoPem(),
        };
    }

    private string Certificate(RSA rsa, byte[] serial)
    {
        var name = new X500DistinguishedName("CN=Tenpay.com sandbox, O=MerchantPortal sandbox, C=CN");
        var request = new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = time.GetUtcNow();
        using var certificate = request.Create(
            name, X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddYears(5), serial);
        return certificate.ExportCertificatePem();
    }
}
