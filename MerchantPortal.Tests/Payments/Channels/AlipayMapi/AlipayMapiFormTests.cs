using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayMapi;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

public sealed class AlipayMapiFormTests
{
    private static readonly AlipayMapiDefinition Definition = new();

    [Fact]
    public void Md5_account_keeps_its_key_and_nothing_of_rsa()
    {
        var form = AlipayMapiFixture.Form("RSA");
        form["sign_type"] = "MD5";
        form["key"] = $" {AlipayMapiFixture.Md5Key}\n";

        var valid = Assert.IsType<ChannelFormResult.Valid>(Definition.Read(form));

        Assert.Equal(["key", "partner", "seller_email", "sign_type"], valid.Normalised.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal((AlipayMapiFixture.Partner, ""), (valid.MerchantId, valid.AppId));
        Assert.Equal(16, valid.Fingerprints["key"].Length);
        Assert.IsType<ChannelFormResult.Valid>(Definition.Read(valid.Normalised));
    }

    [Fact]
    public void Rsa_account_keeps_its_keys_and_nothing_of_md5()
    {
        var form = AlipayMapiFixture.Form("RSA");
        form["key"] = AlipayMapiFixture.Md5Key;

        var valid = Assert.IsType<ChannelFormResult.Valid>(Definition.Read(form));

        Assert.Equal(
            ["alipay_public_key", "partner", "private_key", "seller_email", "sign_type"], valid.Normalised.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_of_1024_bits_are_what_the_interface_has()
    {
        using var own = RSA.Create(1024);
        using var alipay = RSA.Create(1024);
        var form = AlipayMapiFixture.Form("RSA");
        (form["private_key"], form["alipay_public_key"]) = (own.ExportPkcs8PrivateKeyPem(), alipay.ExportSubjectPublicKeyInfoPem());

        Assert.IsType<ChannelFormResult.Valid>(Definition.Read(form));
    }

    [Fact]
    public void Seller_account_may_be_left_out()
    {
        var form = AlipayMapiFixture.Form();
        form.Remove("seller_email");

        Assert.IsType<ChannelFormResult.Valid>(Definition.Read(form));
    }

    [Theory]
    [InlineData("MD5", "partner", "2021000000000001")]
    [InlineData("MD5", "partner", "20880000000000021")]
    [InlineData("MD5", "partner", "")]
    [InlineData("MD5", "seller_email", "a b@example.com")]
    [InlineData("MD5", "seller_email", "a\"@example.com")]
    [InlineData("MD5", "key", "")]
    [InlineData("MD5", "key", "short")]
    [InlineData("MD5", "key", "abcdefghijklmnopqrstuvwxyz01234=")]
    [InlineData("MD5", "sign_type", "")]
    [InlineData("MD5", "sign_type", "md5")]
    [InlineData("MD5", "sign_type", "RSA2")]
    [InlineData("RSA", "private_key", "")]
    [InlineData("RSA", "alipay_public_key", "")]
    [InlineData("RSA", "alipay_public_key", "not a key")]
    public void Field_that_cannot_be_right_is_refused(string signType, string field, string value)
    {
        var form = AlipayMapiFixture.Form(signType);
        form[field] = value;

        Assert.Equal([field], Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form)).Errors.Keys);
    }

    [Theory]
    [InlineData("private_key", "alipay_app.public_pem", "public key")]
    [InlineData("alipay_public_key", "alipay_app.private_pem", "private key")]
    [InlineData("alipay_public_key", "alipay_app.public_pem", "own public key")]
    public void Key_in_the_wrong_place_is_recognised(string field, string key, string part)
    {
        var form = AlipayMapiFixture.Form("RSA");
        form[field] = VectorFile.Key(key);

        Assert.Contains(part, Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form)).Errors[field], StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_text_are_refused()
    {
        var form = AlipayMapiFixture.Form();
        (form["partner"], form["key"]) = (2088000000000002, new JsonArray());

        Assert.Equal(["key", "partner"], Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form)).Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Definition_says_what_it_is()
    {
        Assert.True(Definition.IsLegacy);
        Assert.Equal(18, Definition.Banks.Distinct().Count());
        Assert.Equal([PaymentMethod.Page, PaymentMethod.App], Definition.Methods);
        Assert.Equal(["MD5", "RSA"], Definition.Fields.Single(field => field.Name == "sign_type").Choices);
    }
}
