using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>H5, JSAPI and APP: what is asked, and what the payer is given.</summary>
public sealed class WeChatPayV3ProductTests
{
    private static readonly DateTimeOffset Asked = DateTimeOffset.FromUnixTimeSeconds(1_798_689_600);

    private const string PrepayId = """{"prepay_id":"wx201410272009395522657a690389285100"}""";

    [Fact]
    public async Task An_h5_order_names_the_payers_address_and_leads_back_to_the_shop()
    {
        var stub = WeChatStub.Saying("""{"h5_url":"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2"}""");
        var prompt = await PromptAsync(stub, WeChatPayV3ChannelTests.Order(PaymentMethod.H5, clientIp: "2001:db8::7"));

        var sent = Sent(stub, "h5");
        Assert.Equal("""{"payer_client_ip":"2001:db8::7","h5_info":{"type":"Wap"}}""", sent["scene_info"]?.ToJsonString());
        Assert.False(sent.ContainsKey("payer"));
        Assert.Equal(
            PaymentPrompt.Redirect("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2&redirect_url=https%3A%2F%2Fpay.example.com%2Fpay%2F1%2Freturn"),
            prompt with { GoodUntil = null });
        Assert.Equal(Asked.AddMinutes(5).AddSeconds(-30), prompt.GoodUntil);
    }

    [Fact]
    public async Task A_jsapi_order_names_the_payer_and_gives_the_page_what_it_needs_signed_by_the_merchant()
    {
        var stub = WeChatStub.Saying(PrepayId);
        var prompt = await PromptAsync(stub, WeChatPayV3ChannelTests.Order(PaymentMethod.Jsapi) with { OpenId = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });

        Assert.Equal("""{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}""", Sent(stub, "jsapi")["payer"]?.ToJsonString());
        var given = prompt.Params ?? new Dictionary<string, string>();
        Assert.Equal((PromptKind.Jsapi, Asked.AddHours(2).AddSeconds(-30)), (prompt.Kind, prompt.GoodUntil));
        Assert.Equal(["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"], given.Keys.Order());
        Assert.Equal(
            (AppId, "1798689600", "prepay_id=wx201410272009395522657a690389285100", "RSA"), (given["appId"], given["timeStamp"], given["package"], given["signType"]));
        Assert.Matches("^[0-9A-F]{32}$", given["nonceStr"]);
        AssertSigned($"{AppId}\n1798689600\n{given["nonceStr"]}\nprepay_id=wx201410272009395522657a690389285100\n", given["paySign"]);
    }

    [Fact]
    public async Task An_app_order_gives_the_app_what_it_needs_signed_over_the_bare_number()
    {
        var stub = WeChatStub.Saying(PrepayId);
        var prompt = await PromptAsync(stub, WeChatPayV3ChannelTests.Order(PaymentMethod.App) with { OpenId = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });

        Assert.False(Sent(stub, "app").ContainsKey("payer"));
        var given = prompt.Params ?? new Dictionary<string, string>();
        Assert.Equal((PromptKind.App, Asked.AddHours(2).AddSeconds(-30)), (prompt.Kind, prompt.GoodUntil));
        Assert.Equal(["appid", "noncestr", "package", "partnerid", "prepayid", "sign", "timestamp"], given.Keys.Order());
        Assert.Equal(
            (AppId, MchId, "wx201410272009395522657a690389285100", "Sign=WXPay", "1798689600"),
            (given["appid"], given["partnerid"], given["prepayid"], given["package"], given["timestamp"]));
        AssertSigned($"{AppId}\n1798689600\n{given["noncestr"]}\nwx201410272009395522657a690389285100\n", given["sign"]);
    }

    [Theory]
    [InlineData(PaymentMethod.Jsapi, null, null, "openid_missing")]
    [InlineData(PaymentMethod.Jsapi, "", "203.0.113.7", "openid_missing")]
    [InlineData(PaymentMethod.H5, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", null, "client_ip_missing")]
    public async Task What_a_product_cannot_do_without_is_asked_for_before_any_call(PaymentMethod method, string? openId, string? clientIp, string code)
    {
        var result = await Open().CreateAsync(WeChatPayV3ChannelTests.Order(method, clientIp: clientIp) with { OpenId = openId }, CancellationToken.None);
        Assert.Equal(code, Assert.IsType<CreateResult.Refused>(result).Code);
    }

    [Theory]
    [InlineData(PaymentMethod.H5, """{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}""")]
    [InlineData(PaymentMethod.Jsapi, """{"prepay_id":""}""")]
    [InlineData(PaymentMethod.App, """{"prepay_id":7}""")]
    [InlineData(PaymentMethod.Native, PrepayId)]
    public async Task An_answer_of_another_product_leads_nowhere(PaymentMethod method, string answer) => Assert.IsType<CreateResult.Unknown>(
        await Open(WeChatStub.Saying(answer)).CreateAsync(Order(method), CancellationToken.None));

    [Theory]
    [InlineData(PaymentMethod.H5, """{"h5_url":"https://wx.tenpay.com/x"}""")]
    [InlineData(PaymentMethod.Jsapi, PrepayId)]
    [InlineData(PaymentMethod.App, PrepayId)]
    public async Task An_unsigned_answer_is_not_believed(PaymentMethod method, string answer)
    {
        Assert.IsType<CreateResult.Unknown>(await Open(new WeChatStub(_ => WeChatStub.Unsigned(answer))).CreateAsync(Order(method), CancellationToken.None));
        Assert.IsType<CreateResult.Prompted>(await Open(WeChatStub.Saying(answer)).CreateAsync(Order(method), CancellationToken.None));
    }

    private static CreatePayment Order(PaymentMethod method) =>
        WeChatPayV3ChannelTests.Order(method, clientIp: "203.0.113.7") with { OpenId = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" };

    private static async Task<PaymentPrompt> PromptAsync(WeChatStub stub, CreatePayment order) =>
        Assert.IsType<CreateResult.Prompted>(await Open(stub).CreateAsync(order, CancellationToken.None)).Prompt;

    private static JsonObject Sent(WeChatStub stub, string product)
    {
        var (request, body) = Assert.Single(stub.Calls);
        Assert.Equal($"https://api.mch.weixin.qq.com/v3/pay/transactions/{product}", request.RequestUri?.AbsoluteUri);
        return JsonNode.Parse(body)?.AsObject() ?? [];
    }

    private static void AssertSigned(string text, string signature)
    {
        using var merchant = Rsa(VectorFile.Key("v3_merchant.public_pem"));
        Assert.True(merchant.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
