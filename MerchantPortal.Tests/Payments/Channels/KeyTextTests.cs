using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels;

public sealed class KeyTextTests
{
    private static readonly string PrivatePem = VectorFile.Key("v3_merchant.private_pem");
    private static readonly string PublicPem = VectorFile.Key("v3_merchant.public_pem");
    private static readonly string Certificate = VectorFile.Key("v3_platform.cert_pem");

    public static TheoryData<string> PrivateForms
    {
        get
        {
            using var rsa = Rsa(PrivatePem);
            var pkcs8 = Convert.ToBase64String(rsa.ExportPkcs8PrivateKey());
            return
            [
                PrivatePem,
                PrivatePem.Replace("\n", "\r\n", StringComparison.Ordinal),
                PrivatePem.Replace("\n", "\\n", StringComparison.Ordinal),
                PrivatePem.Replace("\n", " ", StringComparison.Ordinal),
                "\uFEFF  " + PrivatePem + "\n\n",
                "Bag Attributes\n  friendlyName: x\n" + PrivatePem,
                rsa.ExportRSAPrivateKeyPem(),
                pkcs8,
                string.Join("\r\n", pkcs8.Chunk(64).Select(line => new string(line))),
                Convert.ToBase64String(rsa.ExportRSAPrivateKey()),
                $"-----BEGIN PRIVATE KEY-----\n{Convert.ToBase64String(rsa.ExportRSAPrivateKey())}\n-----END PRIVATE KEY-----",
            ];
        }
    }

    public static TheoryData<string> PublicForms
    {
        get
        {
            using var rsa = Rsa(PublicPem);
            return
            [
                PublicPem,
                PublicPem.Replace("\n", "\r\n", StringComparison.Ordinal),
                rsa.ExportRSAPublicKeyPem(),
                Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()),
                Convert.ToBase64String(rsa.ExportRSAPublicKey()),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(PrivateForms))]
    public void Every_form_of_a_private_key_becomes_the_same_normal_text(string text)
    {
        using var rsa = Rsa(PrivatePem);
        var key = Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPrivateKey(text));
        Assert.Equal(rsa.ExportPkcs8PrivateKeyPem(), key.Pem);
        Assert.Equal(2048, key.Bits);
        Assert.Null(key.Certificate);
    }

    [Theory]
    [MemberData(nameof(PublicForms))]
    public void Every_form_of_a_public_key_becomes_the_same_normal_text(string text)
    {
        using var rsa = Rsa(PublicPem);
        Assert.Equal(rsa.ExportSubjectPublicKeyInfoPem(), Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(text)).Pem);
    }

    [Fact]
    public void A_certificate_gives_its_public_key_serial_and_expiry()
    {
        var bare = Certificate.Replace("-----BEGIN CERTIFICATE-----", "", StringComparison.Ordinal).Replace("-----END CERTIFICATE-----", "", StringComparison.Ordinal);
        foreach (var text in (string[])[Certificate, bare])
        {
            var key = Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(text));
            Assert.Equal(VectorFile.Key("v3_platform.cert_serial"), key.Certificate?.Serial);
            Assert.True(key.Certificate?.NotAfter > key.Certificate?.NotBefore);
            Assert.Equal(Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(VectorFile.Key("v3_platform.public_pem"))).Pem, key.Pem);
        }
    }

    [Fact]
    public void Both_halves_of_a_pair_have_one_fingerprint() => Assert.Equal(
        Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPrivateKey(PrivatePem)).Fingerprint,
        Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(PublicPem)).Fingerprint);

    [Fact]
    public void The_usual_mix_ups_are_named()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = Rsa(PrivatePem);
        var encrypted = rsa.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.Equal(KeyReadFailure.PublicInsteadOfPrivate, Failure(KeyText.ReadPrivateKey(PublicPem)));
        Assert.Equal(KeyReadFailure.CertificateInsteadOfPrivate, Failure(KeyText.ReadPrivateKey(Certificate)));
        Assert.Equal(KeyReadFailure.Encrypted, Failure(KeyText.ReadPrivateKey(encrypted)));
        Assert.Equal(KeyReadFailure.NotRsa, Failure(KeyText.ReadPrivateKey(ec.ExportPkcs8PrivateKeyPem())));
        Assert.Equal(KeyReadFailure.NotRsa, Failure(KeyText.ReadPrivateKey(ec.ExportECPrivateKeyPem())));
        Assert.Equal(KeyReadFailure.PrivateInsteadOfPublic, Failure(KeyText.ReadPublicKey(PrivatePem)));
        Assert.Equal(KeyReadFailure.PrivateInsteadOfPublic, Failure(KeyText.ReadPublicKey(encrypted)));
        Assert.Equal(KeyReadFailure.NotRsa, Failure(KeyText.ReadPublicKey(ec.ExportSubjectPublicKeyInfoPem())));
        Assert.Equal(KeyReadFailure.NotRsa, Failure(KeyText.ReadPublicKey(EllipticCertificate(ec))));
    }

    [Fact]
    public void A_short_key_is_refused_unless_the_caller_allows_it()
    {
        using var weak = RSA.Create(1024);
        Assert.Equal(KeyReadFailure.TooShort, Failure(KeyText.ReadPrivateKey(weak.ExportPkcs8PrivateKeyPem())));
        Assert.Equal(KeyReadFailure.TooShort, Failure(KeyText.ReadPublicKey(weak.ExportSubjectPublicKeyInfoPem())));
        Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(weak.ExportSubjectPublicKeyInfoPem(), minimumBits: 1024));
    }

    [Theory]
    [InlineData("", KeyReadFailure.Empty)]
    [InlineData(" \r\n ", KeyReadFailure.Empty)]
    [InlineData("hello", KeyReadFailure.NotAKey)]
    [InlineData("aGVsbG8gd29ybGQ=", KeyReadFailure.NotAKey)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", KeyReadFailure.NotAKey)]
    [InlineData("-----BEGIN PRIVATE KEY-----", KeyReadFailure.NotAKey)]
    public void What_is_no_key_is_refused(string text, KeyReadFailure reason)
    {
        Assert.Equal(reason, Failure(KeyText.ReadPrivateKey(text)));
        Assert.Equal(reason, Failure(KeyText.ReadPublicKey(text)));
    }

    [Fact]
    public void A_cut_key_is_refused()
    {
        using var rsa = Rsa(PrivatePem);
        Assert.Equal(KeyReadFailure.NotAKey, Failure(KeyText.ReadPrivateKey(Convert.ToBase64String(rsa.ExportPkcs8PrivateKey()[..^30]))));
        Assert.Equal(KeyReadFailure.NotAKey, Failure(KeyText.ReadPrivateKey(Convert.ToBase64String([.. rsa.ExportPkcs8PrivateKey(), 0]))));
    }

    [Fact]
    public void A_read_key_does_not_print_itself() =>
        Assert.DoesNotContain("BEGIN", KeyText.ReadPrivateKey(PrivatePem).ToString(), StringComparison.Ordinal);

    private static KeyReadFailure Failure(KeyReadResult result) => Assert.IsType<KeyReadResult.Unreadable>(result).Reason;

    private static string EllipticCertificate(ECDsa key)
    {
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem();
    }

    private static RSA Rsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }
}
