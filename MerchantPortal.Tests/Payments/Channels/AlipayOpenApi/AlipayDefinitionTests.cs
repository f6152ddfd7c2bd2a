using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

public sealed class AlipayDefinitionTests
{
    private static readonly AlipayOpenApiDefinition Definition = new();

    [Fact]
    public void Form_is_normalised_and_only_fingerprints_are_shown()
    {
        var form = AlipayFixture.Form();
        form["app_id"] = $" {AlipayFixture.AppId}\n";
        form["app_private_key"] = Bare(VectorFile.Key("alipay_app.private_pem"));
        form["alipay_public_key"] = Bare(VectorFile.Key("alipay.public_pem")) + "\r\n";

        var valid = Assert.IsType<ChannelFormResult.Valid>(Definition.Read(form));

        Assert.Equal((AlipayFixture.SellerId, AlipayFixture.AppId), (valid.MerchantId, valid.AppId));
        Assert.Equal(["alipay_public_key", "app_id", "app_private_key", "seller_id"], valid.Normalised.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", (string?)valid.Normalised["app_private_key"], StringComparison.Ordinal);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(VectorFile.Key("alipay.public_pem"));
        Assert.Equal(Mask.Fingerprint(rsa.ExportSubjectPublicKeyInfo()), valid.Fingerprints["alipay_public_key"]);
        Assert.All(valid.Fingerprints.Values, fingerprint => Assert.Equal(16, fingerprint.Length));
        Assert.IsType<ChannelFormResult.Valid>(Definition.Read(valid.Normalised));
    }

    [Fact]
    public void Every_empty_field_is_named()
    {
        var invalid = Assert.IsType<ChannelFormResult.Invalid>(Definition.Read([]));

        Assert.Equal(["alipay_public_key", "app_id", "app_private_key", "seller_id"], invalid.Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Own_public_key_instead_of_alipays_is_recognised() =>
        AssertError("alipay_public_key", VectorFile.Key("alipay_app.public_pem"), "支付宝公钥");

    [Fact]
    public void Private_key_instead_of_a_public_one_is_recognised() =>
        AssertError("alipay_public_key", VectorFile.Key("alipay.private_pem"), "private key");

    [Fact]
    public void Public_key_instead_of_a_private_one_is_recognised() =>
        AssertError("app_private_key", VectorFile.Key("alipay_app.public_pem"), "应用私钥");

    [Fact]
    public void Certificate_instead_of_a_key_is_recognised()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=alipayCertPublicKey", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(AlipayFixture.Now, AlipayFixture.Now.AddYears(1));
        var pem = certificate.ExportCertificatePem();

        AssertError("alipay_public_key", pem, "certificate");
        AssertError("app_private_key", pem, "certificate");
    }

    [Theory]
    [InlineData("app_id", "wx0123456789abcdef")]
    [InlineData("app_id", "２０２１000000000001")]
    [InlineData("seller_id", "someone@example.com")]
    [InlineData("seller_id", AlipayFixture.AppId)]
    [InlineData("app_private_key", "not a key")]
    [InlineData("alipay_public_key", "not a key")]
    public void Field_that_cannot_be_right_is_refused(string field, string value) => AssertError(field, value, "");

    [Fact]
    public void Values_that_are_not_text_are_refused()
    {
        var form = AlipayFixture.Form();
        form["app_id"] = 2021000000000001;
        form["seller_id"] = new JsonArray();

        var invalid = Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form));

        Assert.Equal(["app_id", "seller_id"], invalid.Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(CallbackStatus.Applied, "success")]
    [InlineData(CallbackStatus.Duplicate, "success")]
    [InlineData(CallbackStatus.Ignored, "success")]
    [InlineData(CallbackStatus.Quarantined, "success")]
    [InlineData(CallbackStatus.Deferred, "fail")]
    [InlineData(CallbackStatus.Rejected, "fail")]
    public void Outcome_is_acknowledged_as(CallbackStatus outcome, string body) =>
        Assert.Equal(new Acknowledgement(200, "text/plain", body), AlipayFixture.Open().Acknowledge(outcome));

    private static void AssertError(string field, string value, string part)
    {
        var form = AlipayFixture.Form();
        form[field] = value;

        var errors = Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form)).Errors;

        Assert.Equal([field], errors.Keys);
        Assert.Contains(part, errors[field], StringComparison.Ordinal);
        Assert.DoesNotContain(value, errors[field], StringComparison.Ordinal);
    }

    private static string Bare(string pem) => string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))).Trim();
}
