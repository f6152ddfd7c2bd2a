using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Keys;

/// <summary>The gateways' own key pairs: made at first use, then kept, so that accounts of yesterday still verify.</summary>
public sealed class SandboxKeys(SandboxWriter writer, MakeKeyPair makeKeyPair, TimeProvider time)
{
    private const int SerialBytes = 20;

    private readonly ConcurrentDictionary<SandboxKeyName, SandboxKey> _known = new();

    /// <summary>The key that signs today.</summary>
    public async Task<SandboxKey> GetAsync(SandboxKeyName name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var key))
        {
            return key;
        }

        var root = name == SandboxKeyName.AlipayCertificate ? await GetAsync(SandboxKeyName.AlipayRoot, cancellationToken) : null;
        return _known[name] = await writer.WriteAsync(
            async (db, ct) => await db.Keys.Where(row => row.Name == name).OrderByDescending(row => row.Id).FirstOrDefaultAsync(ct)
                ?? db.Keys.Add(Make(name, root)).Entity,
            cancellationToken);
    }

    /// <summary>Today's key and all that signed before it, oldest first. None of them has ended.</summary>
    public async Task<IReadOnlyList<SandboxKey>> AllAsync(SandboxKeyName name, CancellationToken cancellationToken)
    {
        await GetAsync(name, cancellationToken);
        await using var db = writer.CreateDbContext();
        return await db.Keys.AsNoTracking().Where(row => row.Name == name).OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>From now on another key of WeChat Pay's signs.</summary>
    public async Task<SandboxKey> RotateCertificateAsync(CancellationToken cancellationToken)
    {
        await GetAsync(SandboxKeyName.WeChatCertificate, cancellationToken);
        return _known[SandboxKeyName.WeChatCertificate] = await writer.WriteAsync(
            (db, _) => Task.FromResult(db.Keys.Add(Make(SandboxKeyName.WeChatCertificate, root: null)).Entity), cancellationToken);
    }

    /// <param name="root">Whoever certifies the key; null for a key that needs nobody.</param>
    private SandboxKey Make(SandboxKeyName name, SandboxKey? root)
    {
        using var rsa = makeKeyPair();
        if (name is SandboxKeyName.AlipayRoot or SandboxKeyName.AlipayCertificate)
        {
            var (certificate, number) = root is null ? AlipayAuthority.MakeRoot(rsa, time) : AlipayAuthority.Certify(root, "支付宝 sandbox", rsa, time);
            return new SandboxKey { Name = name, CreatedAt = time.GetUtcNow(), PrivateKey = rsa.ExportPkcs8PrivateKeyPem(), Serial = number, PublicPart = certificate };
        }

        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // A serial is a positive number and has no leading zero.
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        return new SandboxKey
        {
            Name = name,
            CreatedAt = time.GetUtcNow(),
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
