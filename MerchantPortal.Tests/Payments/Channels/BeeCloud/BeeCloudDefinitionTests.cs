using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

public sealed class BeeCloudDefinitionTests
{
    [Fact]
    public void A_form_is_normalised_and_confirms_by_query_unless_told_otherwise()
    {
        var form = BeeCloudFixture.Form();
        form["app_id"] = $" {BeeCloudFixture.AppId}\n";

        var valid = Assert.IsType<ChannelFormResult.Valid>(BeeCloudFixture.Definition().Read(form));

        Assert.Equal((BeeCloudFixture.AppId, BeeCloudFixture.AppId), (valid.MerchantId, valid.AppId));
        Assert.Equal(("yes", "menu"), ((string?)valid.Normalised["confirm_by_query"], (string?)valid.Normalised["instant_channel"]));
        Assert.Equal(["app_secret", "master_secret"], valid.Fingerprints.Keys.Order(StringComparer.Ordinal));
        Assert.All(valid.Fingerprints.Values, fingerprint => Assert.Equal(16, fingerprint.Length));
        Assert.IsType<ChannelFormResult.Valid>(BeeCloudFixture.Definition().Read(valid.Normalised));
    }

    [Fact]
    public void Live_buyers_may_be_led_to_the_buttons_script_and_to_Alipays_cashiers() => Assert.Equal(
        ["jspay.beecloud.cn", "openapi.alipay.com", "mapi.alipay.com"], BeeCloudFixture.Definition().BuyerPages.Select(page => page.Host));

    [Fact]
    public void Every_missing_key_is_named() => Assert.Equal(
        ["app_id", "app_secret", "master_secret"],
        Assert.IsType<ChannelFormResult.Invalid>(BeeCloudFixture.Definition().Read([])).Errors.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("app_id", "short")]
    [InlineData("app_secret", "39a7a518-9ac8-4a9e-87bc-7885f33cf18c ")]
    [InlineData("app_secret", "39a7a518_9ac8_4a9e_87bc_7885f33cf18c")]
    [InlineData("master_secret", "39a7a518-9ac8-4a9e-87bc-7885f33cf18c")]
    [InlineData("confirm_by_query", "maybe")]
    [InlineData("instant_channel", "wx")]
    public void A_wrong_value_is_named(string field, string value)
    {
        var form = BeeCloudFixture.Form();
        form[field] = value;

        // Blanks around a value are cut off: that one is right.
        var read = BeeCloudFixture.Definition().Read(form);

        Assert.Equal(value.EndsWith(' ') ? [] : [field], (read as ChannelFormResult.Invalid)?.Errors.Keys ?? []);
    }

    [Theory]
    [InlineData("Gateways:BeeCloud:ButtonScriptUrl", "not an address")]
    [InlineData("Gateways:BeeCloud:ButtonScriptUrl", "https://jspay.beecloud.cn/x?appId=1")]
    [InlineData("Gateways:BeeCloud:SourceAddresses", "123.57.146.46, everywhere")]
    public void A_wrong_setting_is_named_when_an_account_opens(string key, string value) =>
        Assert.Contains(key, Assert.Throws<FormatException>(() => BeeCloudFixture.Open(settings: (key, value))).Message, StringComparison.Ordinal);
}
