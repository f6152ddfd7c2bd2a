using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MerchantPortal.Sandbox.Keys;

/// <summary>Certifies keys for Alipay's certificate mode, and names certificates as Alipay does.</summary>
internal static class AlipayAuthority
{
    private const string Name = "CN=MerchantPortal Sandbox Certification Authority R1,OU=Certification Authority,O=MerchantPortal sandbox,C=CN";
    private const int SerialBytes = 16;

    /// <returns>PEM, and the number that stands for it in messages.</returns>
    public static (string Certificate, string Number) MakeRoot(RSA rsa, TimeProvider time) => Make(new X500DistinguishedName(Name), rsa, rsa, time);

    /// <inheritdoc cref="MakeRoot"/>
    public static (string Certificate, string Number) Certify(SandboxKey root, string who, RSA key, TimeProvider time)
    {
        using var issuer = RSA.Create();
        issuer.ImportFromPem(root.PrivateKey);
        var subject = new X500DistinguishedNameBuilder();
        // Written in the reverse order.
        subject.AddCommonName(who);
        subject.AddOrganizationName("MerchantPortal sandbox");
        subject.AddCountryOrRegion("CN");
        return Make(subject.Build(), key, issuer, time);
    }

    private static (string Certificate, string Number) Make(X500DistinguishedName subject, RSA key, RSA issuer, TimeProvider time)
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // A serial is a positive number and has no leading zero.
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        var now = time.GetUtcNow();
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            new X500DistinguishedName(Name), X509SignatureGenerator.CreateForRSA(issuer, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddYears(5), serial);
        var named = Name + new BigInteger(serial, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
        return (certificate.ExportCertificatePem(), Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(named))));
    }
}
