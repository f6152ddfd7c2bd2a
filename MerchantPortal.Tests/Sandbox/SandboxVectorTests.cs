using System.Text;
using MerchantPortal.Sandbox.AlipayOpenApi;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.WeChatPayV3;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>The sandbox's own reading of the protocols, against the published and self-made vectors.</summary>
public sealed class SandboxVectorTests
{
    [Fact]
    public void A_signed_wechat_request_verifies()
    {
        var vector = VectorFile.Find("dev-v3-request-native");
        var authorization = WeChatAuthorization.Parse(vector.Expected.GetProperty("authorization").GetString());
        Assert.NotNull(authorization);
        var text = authorization.SignedText("POST", "/v3/pay/transactions/native", Vector.Body(vector.Inputs));

        Assert.Equal(vector.Expected.GetProperty("string_to_sign").GetString(), Encoding.UTF8.GetString(text));
        Assert.True(RsaSha256.Verify(VectorFile.Key("v3_merchant.public_pem"), text, authorization.Signature));
        Assert.False(RsaSha256.Verify(VectorFile.Key("attacker.public_pem"), text, authorization.Signature));
        text[^2] ^= 1;
        Assert.False(RsaSha256.Verify(VectorFile.Key("v3_merchant.public_pem"), text, authorization.Signature));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic abc")]
    [InlineData("WECHATPAY2-SM2-WITH-SM3 mchid=\"1\",nonce_str=\"n\",timestamp=\"1\",serial_no=\"s\",signature=\"x\"")]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=\"1\",nonce_str=\"n\",timestamp=\"1\",serial_no=\"s\"")]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=\"1\",mchid=\"2\",nonce_str=\"n\",timestamp=\"1\",serial_no=\"s\",signature=\"x\"")]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=1,nonce_str=n,timestamp=1,serial_no=s,signature=x")]
    public void A_header_that_is_not_whole_is_no_authorization(string? header) => Assert.Null(WeChatAuthorization.Parse(header));

    [Fact]
    public void The_parts_of_the_header_may_come_in_any_order() => Assert.Equal(
        new WeChatAuthorization("1900000109", "n", "5", "S", "x="),
        WeChatAuthorization.Parse("WECHATPAY2-SHA256-RSA2048 signature=\"x=\",serial_no=\"S\",timestamp=\"5\",nonce_str=\"n\",mchid=\"1900000109\""));

    [Fact]
    public void A_signed_alipay_address_verifies()
    {
        var vector = VectorFile.Find("dev-alipay-request-page-pay");
        var address = new Uri(vector.Expected.GetProperty("url").GetString() ?? "");
        var fields = QueryHelpers.ParseQuery(address.Query).ToDictionary(field => field.Key, field => field.Value.ToString());

        var text = AlipayWire.RequestText(fields);

        Assert.Equal(vector.Inputs.GetProperty("string_to_sign").GetString(), text);
        Assert.True(RsaSha256.Verify(VectorFile.Key("alipay_app.public_pem"), Encoding.UTF8.GetBytes(text), fields["sign"]));
        Assert.False(RsaSha256.Verify(VectorFile.Key("alipay_app.public_pem"), Encoding.UTF8.GetBytes(text + "x"), fields["sign"]));
    }

    [Fact]
    public void Alipays_objects_escape_the_slash() =>
        Assert.Equal("""{"qr_code":"https:\/\/a.b\/c"}""", AlipayWire.Json(new() { ["qr_code"] = "https://a.b/c" }));
}
