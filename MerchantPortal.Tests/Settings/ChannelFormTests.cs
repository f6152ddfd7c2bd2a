using System.Globalization;
using Bunit;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayMapi;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Settings.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Settings;

public sealed class ChannelFormTests : BunitContext
{
    public ChannelFormTests()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddSingleton(TimeProvider.System);
    }

    [Fact]
    public void A_saved_secret_shows_its_fingerprint_and_never_a_value()
    {
        var field = Render<ChannelFieldInput>(parameters => parameters
            .Add(input => input.Channel, "wechat-v3")
            .Add(input => input.Field, new ChannelField("merchant_private_key", ChannelFieldKind.PrivateKey, IsSecret: true, IsRequired: true))
            .Add(input => input.IsSaved, true)
            .Add(input => input.Saved, new KeyPrint("5e6b1e75ce5a503b")));

        Assert.Equal("Merchant private key", field.Find("label span").TextContent);
        Assert.Contains("5e6b1e75ce5a503b", field.Find(".kept").TextContent, StringComparison.Ordinal);
        Assert.Equal("Leave empty to keep the saved value", field.Find("textarea").GetAttribute("placeholder"));
        Assert.Equal("", field.Find("textarea").TextContent);
    }

    [Theory]
    [InlineData("zh-CN", false, "证书有效期至 2031-12-31")]
    [InlineData("zh-CN", true, "自动下载，证书有效期至 2031-12-31")]
    [InlineData("en", false, "certificate valid until 2031-12-31")]
    public void The_end_of_a_certificate_is_told_in_the_readers_language(string language, bool downloaded, string words)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var field = Render<ChannelFieldInput>(parameters => parameters
            .Add(input => input.Channel, "wechat-v2")
            .Add(input => input.Field, new ChannelField("client_certificate", ChannelFieldKind.ClientCertificate, IsSecret: true, IsRequired: false))
            .Add(input => input.IsSaved, true)
            .Add(input => input.Saved, new KeyPrint("5e6b1e75ce5a503b", new DateTimeOffset(2032, 1, 1, 4, 0, 0, TimeSpan.FromHours(8)), downloaded)));

        Assert.EndsWith($"5e6b1e75ce5a503b{words}", field.Find(".kept").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_stands_at_its_field_and_typing_is_handed_on()
    {
        string? typed = null;
        var field = Render<ChannelFieldInput>(parameters => parameters
            .Add(input => input.Channel, "wechat-v3")
            .Add(input => input.Field, new ChannelField("api_v3_key", ChannelFieldKind.Text, IsSecret: true, IsRequired: true))
            .Add(input => input.ValueChanged, value => typed = value)
            .Add(input => input.Error, "too short"));

        field.Find("input").Change("abc");

        Assert.Equal("abc", typed);
        Assert.Equal(("password", "true"), (field.Find("input").GetAttribute("type"), field.Find("input").GetAttribute("aria-invalid")));
        Assert.Equal("too short", field.Find(".field-fault").TextContent);
    }

    [Fact]
    public void A_form_asks_only_for_what_the_chosen_signature_needs()
    {
        var state = new ChannelFormState(new AlipayMapiDefinition()) { Name = "旧接口", Mode = PaymentMode.Test };
        state.Texts["key"] = "typed before the choice";
        Assert.Contains("key", state.Fields.Select(field => field.Name));
        Assert.DoesNotContain("private_key", state.Fields.Select(field => field.Name));

        state.Texts["sign_type"] = "RSA";

        Assert.Contains("private_key", state.Fields.Select(field => field.Name));
        Assert.False(state.ToForm().Fields.ContainsKey("key"));
    }

    [Fact]
    public void A_form_leaves_empty_fields_out_and_tells_keys_from_certificates()
    {
        var state = new ChannelFormState(new WeChatPayV3Definition()) { Name = "主号", Mode = PaymentMode.Test };
        state.Texts["mch_id"] = "1900000001";
        state.Texts["merchant_private_key"] = " ";
        var rows = state.Rings["platform_keys"];
        (rows[0].Serial, rows[0].Key) = ("PUB_KEY_ID_1", "-----BEGIN PUBLIC KEY-----");
        rows.Add(new KeyRingRow { Key = "-----BEGIN CERTIFICATE-----" });
        rows.Add(new KeyRingRow());

        Assert.Equal(
            """{"mch_id":"1900000001","platform_keys":[{"serial":"PUB_KEY_ID_1","public_key":"-----BEGIN PUBLIC KEY-----"},{"certificate":"-----BEGIN CERTIFICATE-----"}]}""",
            state.ToForm().Fields.ToJsonString());
    }

    [Fact]
    public void An_uploaded_key_is_text_and_a_binary_container_is_base64()
    {
        Assert.Equal("-----BEGIN\n", KeyFile.TextOf("-----BEGIN\n"u8.ToArray()));
        Assert.Equal("MIIA", KeyFile.TextOf([0x30, 0x82, 0x00]));
    }
}
