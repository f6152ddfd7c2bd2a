using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV2.WeChatPayV2Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

public sealed class WeChatPayV2FormTests
{
    private readonly WeChatPayV2Definition _definition = new();

    [Fact]
    public void The_form_has_the_fields_of_the_public_contract()
    {
        Assert.Equal(["mch_id", "app_id", "key", "sign_type", "client_certificate", "app_secret"], _definition.Fields.Select(field => field.Name));
        Assert.Equal(["key", "client_certificate", "app_secret"], _definition.Fields.Where(field => field.IsSecret).Select(field => field.Name));
        Assert.Equal(["MD5", "HMAC-SHA256"], _definition.Fields.Single(field => field.Name == "sign_type").Choices);
        Assert.Equal(("wechat-v2", "WeChatPayV2", true), (_definition.Channel, _definition.SettingsSection, _definition.IsLegacy));
    }

    [Fact]
    public void A_good_form_is_read_and_what_was_read_reads_again()
    {
        var form = Form();
        form["mch_id"] = $" {MchId} ";
        form["app_secret"] = new string('a', 32);
        form.Remove("sign_type");

        var valid = Valid(form);

        Assert.Equal((MchId, AppId, "MD5"), (valid.MerchantId, valid.AppId, (string?)valid.Normalised["sign_type"]));
        Assert.Equal(["key", "app_secret"], valid.Fingerprints.Keys);
        Assert.DoesNotContain(Key, string.Join('|', valid.Fingerprints.Values), StringComparison.Ordinal);
        Assert.Equal(valid.Normalised.ToJsonString(), Valid(valid.Normalised.DeepClone().AsObject()).Normalised.ToJsonString());
    }

    [Theory]
    [InlineData("mch_id", "")]
    [InlineData("mch_id", "19000a")]
    [InlineData("app_id", "")]
    [InlineData("app_id", "2021000000000001")]
    [InlineData("key", "")]
    [InlineData("key", "0123456789012345678901234567890")]
    [InlineData("key", "012345678901234567890123456789012")]
    [InlineData("key", "0123456789012345 789012345678901")]
    [InlineData("sign_type", "SHA1")]
    [InlineData("sign_type", "md5")]
    [InlineData("app_secret", "short")]
    [InlineData("client_certificate", "not a certificate")]
    [InlineData("client_certificate", "AAAA")]
    public void A_wrong_field_is_named(string name, string value)
    {
        var form = Form();
        form[name] = value;

        Assert.Equal([name], Assert.IsType<ChannelFormResult.Invalid>(_definition.Read(form)).Errors.Keys);
    }

    [Fact]
    public void A_missing_key_never_verifies()
    {
        var form = Form();
        form["key"] = "";

        Assert.Throws<ArgumentException>(() => new WeChatPayV2Account(form));
    }

    [Fact]
    public void A_client_certificate_is_read_as_pem_or_pkcs12_and_kept_in_one_form()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=1900000109", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Now, Now.AddYears(5));
        var pem = $"{certificate.ExportCertificatePem()}\n{rsa.ExportRSAPrivateKeyPem()}\n";

        var fromPem = WithCertificate(pem);
        var fromFile = WithCertificate(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, MchId)));

        Assert.Equal($"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}\n", (string?)fromPem.Normalised["client_certificate"]);
        Assert.Equal((string?)fromPem.Normalised["client_certificate"], (string?)fromFile.Normalised["client_certificate"]);
        Assert.Matches("^[0-9a-f]{16}$", fromFile.Fingerprints["client_certificate"]);
        Assert.Equal(Now.AddYears(5), fromFile.Expiries["client_certificate"]);
    }

    [Fact]
    public void A_certificate_without_its_key_or_under_another_pass_phrase_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Now, Now.AddYears(5));
        foreach (var text in new[] { certificate.ExportCertificatePem(), Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12, "other")) })
        {
            var form = Form();
            form["client_certificate"] = text;
            Assert.Equal(["client_certificate"], Assert.IsType<ChannelFormResult.Invalid>(_definition.Read(form)).Errors.Keys);
        }
    }

    private ChannelFormResult.Valid WithCertificate(string text)
    {
        var form = Form();
        form["client_certificate"] = text;
        return Valid(form);
    }

    private ChannelFormResult.Valid Valid(JsonObject form) => Assert.IsType<ChannelFormResult.Valid>(_definition.Read(form));
}
