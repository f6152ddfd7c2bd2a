using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

public sealed class WeChatPayV3FormTests
{
    private readonly WeChatPayV3Definition _definition = new();

    [Fact]
    public void The_form_has_the_fields_of_the_public_contract()
    {
        Assert.Equal(
            ["mch_id", "app_id", "merchant_serial", "merchant_private_key", "api_v3_key", "platform_keys", "app_secret"], _definition.Fields.Select(field => field.Name));
        Assert.Equal(["merchant_private_key", "api_v3_key", "app_secret"], _definition.Fields.Where(field => field.IsSecret).Select(field => field.Name));
        Assert.Equal(("wechat-v3", "WeChatPayV3", false), (_definition.Channel, _definition.SettingsSection, _definition.IsLegacy));
        Assert.Equal([PaymentMethod.Native, PaymentMethod.H5, PaymentMethod.Jsapi, PaymentMethod.App], _definition.Methods);
    }

    [Fact]
    public void A_good_form_is_read_and_shows_fingerprints_only()
    {
        var valid = Assert.IsType<ChannelFormResult.Valid>(_definition.Read(Form()));

        Assert.Equal((MchId, AppId), (valid.MerchantId, valid.AppId));
        Assert.Equal(
            ["merchant_private_key", "api_v3_key", $"platform_keys.{VectorFile.Key("v3_platform.cert_serial")}", $"platform_keys.{VectorFile.Key("v3_platform_2.cert_serial")}", $"platform_keys.{PublicKeyId}"],
            valid.Fingerprints.Keys);
        Assert.All(valid.Fingerprints.Values, shown => Assert.Matches("^[0-9a-f]{16}$", shown));
        Assert.Equal([$"platform_keys.{VectorFile.Key("v3_platform.cert_serial")}", $"platform_keys.{VectorFile.Key("v3_platform_2.cert_serial")}"], valid.Expiries.Keys);
        Assert.All(valid.Expiries.Values, end => Assert.True(end > DateTimeOffset.UnixEpoch.AddYears(50)));
    }

    [Fact]
    public void What_was_read_reads_again_to_the_same()
    {
        var once = Normalised(Form());
        Assert.Equal(once.ToJsonString(), Normalised(once.DeepClone().AsObject()).ToJsonString());
    }

    [Fact]
    public void Blanks_and_key_formats_are_put_right()
    {
        var form = Form();
        using var merchant = Rsa(VectorFile.Key("v3_merchant.private_pem"));
        using var platform = Rsa(VectorFile.Key("v3_platform.public_pem"));
        form["mch_id"] = $" {MchId}\t";
        form["api_v3_key"] = $"{VectorFile.Key("v3_apiv3_key")}\n";
        form["merchant_private_key"] = merchant.ExportRSAPrivateKeyPem().Replace("\n", "\r\n", StringComparison.Ordinal);
        form["platform_keys"] = new JsonArray(
            new JsonObject { ["serial"] = $" {PublicKeyId} ", ["public_key"] = Convert.ToBase64String(platform.ExportSubjectPublicKeyInfo()) },
            new JsonObject { ["certificate"] = VectorFile.Key("v3_platform_2.cert_pem") });

        var normalised = Normalised(form);

        Assert.Equal((MchId, merchant.ExportPkcs8PrivateKeyPem()), ((string?)normalised["mch_id"], (string?)normalised["merchant_private_key"]));
        Assert.Equal((PublicKeyId, platform.ExportSubjectPublicKeyInfoPem()), ((string?)normalised["platform_keys"]?[0]?["serial"], (string?)normalised["platform_keys"]?[0]?["public_key"]));
        Assert.Equal(VectorFile.Key("v3_platform_2.cert_serial"), (string?)normalised["platform_keys"]?[1]?["serial"]);
    }

    [Fact]
    public void Every_wrong_field_has_its_own_message()
    {
        var errors = Assert.IsType<ChannelFormResult.Invalid>(_definition.Read([])).Errors;
        Assert.Equal(_definition.Fields.Where(field => field.IsRequired).Select(field => field.Name).Order(), errors.Keys.Order());
    }

    [Theory]
    [InlineData("mch_id", "19000001o9")]
    [InlineData("mch_id", "１９００００１０９")]
    [InlineData("app_id", "2021000000000001")]
    [InlineData("merchant_serial", "PUB_KEY_ID_1")]
    [InlineData("api_v3_key", "0123456789abcdefghijklmnopqrstu")]
    [InlineData("api_v3_key", "0123456789abcdefghijklmnopqrstuvw")]
    [InlineData("api_v3_key", "0123456789abcdef")]
    [InlineData("merchant_private_key", "hello")]
    [InlineData("app_secret", "0123456789abcdef")]
    [InlineData("app_secret", "0123456789abcdef0123456789abcde=")]
    public void A_wrong_value_is_refused_in_its_own_field(string field, string value) => Assert.Equal([field], Errors(field, value).Keys);

    [Fact]
    public void The_official_accounts_secret_may_be_left_out_and_shows_a_fingerprint_only()
    {
        var without = Assert.IsType<ChannelFormResult.Valid>(_definition.Read(Form()));
        Assert.False(without.Normalised.ContainsKey("app_secret"));

        var form = Form();
        form["app_secret"] = " 0123456789abcdef0123456789ABCDEF ";
        var with = Assert.IsType<ChannelFormResult.Valid>(_definition.Read(form));
        Assert.Equal("0123456789abcdef0123456789ABCDEF", (string?)with.Normalised["app_secret"]);
        Assert.Matches("^[0-9a-f]{16}$", with.Fingerprints["app_secret"]);
    }

    [Fact]
    public void Mixed_up_keys_are_named()
    {
        Assert.Contains("public key", Errors("merchant_private_key", VectorFile.Key("v3_merchant.public_pem"))["merchant_private_key"], StringComparison.Ordinal);
        Assert.Contains("certificate", Errors("merchant_private_key", VectorFile.Key("v3_platform.cert_pem"))["merchant_private_key"], StringComparison.Ordinal);
        Assert.Contains("private key", RingError((PublicKeyId, VectorFile.Key("v3_platform.private_pem"))), StringComparison.Ordinal);
        Assert.Contains("your own merchant key", RingError((PublicKeyId, VectorFile.Key("v3_merchant.public_pem"))), StringComparison.Ordinal);
        Assert.Contains("serial is", RingError(("CAFE", VectorFile.Key("v3_platform.cert_pem"))), StringComparison.Ordinal);
        Assert.Contains("Enter its serial", RingError(("", VectorFile.Key("v3_platform.public_pem"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_names_the_key_that_is_wrong()
    {
        var good = (PublicKeyId, VectorFile.Key("v3_platform.public_pem"));
        Assert.StartsWith("Key 2: ", RingError(good, ("A1", "hello")), StringComparison.Ordinal);
        Assert.Contains("given twice", RingError(("0ab", good.Item2), ("AB", good.Item2)), StringComparison.Ordinal);
        Assert.Contains("Give at most 20", RingError([.. Enumerable.Range(10, 21).Select(i => ($"{i}", good.Item2))]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_may_be_empty_because_certificates_can_be_downloaded() =>
        Assert.DoesNotContain(
            Assert.IsType<ChannelFormResult.Valid>(_definition.Read(Ring())).Fingerprints.Keys, name => name.StartsWith("platform_keys", StringComparison.Ordinal));

    [Fact]
    public void A_weak_key_is_refused()
    {
        using var weak = RSA.Create(1024);
        Assert.Contains("1024 bits", Errors("merchant_private_key", weak.ExportPkcs8PrivateKeyPem())["merchant_private_key"], StringComparison.Ordinal);
        Assert.Contains("1024 bits", RingError((PublicKeyId, weak.ExportSubjectPublicKeyInfoPem())), StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_repeats_what_was_typed()
    {
        var form = Form();
        form["api_v3_key"] = "short-secret";
        form["merchant_private_key"] = "secret-in-the-wrong-place";
        form["app_secret"] = "secret-too";
        var errors = Assert.IsType<ChannelFormResult.Invalid>(_definition.Read(form)).Errors;
        Assert.DoesNotContain("secret", string.Join(' ', errors.Values), StringComparison.Ordinal);
    }

    private IReadOnlyDictionary<string, string> Errors(string field, string value)
    {
        var form = Form();
        form[field] = value;
        return Assert.IsType<ChannelFormResult.Invalid>(_definition.Read(form)).Errors;
    }

    private string RingError(params (string Serial, string Key)[] keys) =>
        Assert.Single(Assert.IsType<ChannelFormResult.Invalid>(_definition.Read(Ring(keys))).Errors, error => error.Key == "platform_keys").Value;
}
