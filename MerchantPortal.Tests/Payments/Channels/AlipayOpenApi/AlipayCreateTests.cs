using System.Net;
using System.Text;
using System.Text.Json;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

public sealed class AlipayCreateTests
{
    private const string Precreate = "alipay.trade.precreate";

    [Theory]
    [InlineData(PaymentMethod.Page, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY")]
    [InlineData(PaymentMethod.Wap, "alipay.trade.wap.pay", "QUICK_WAP_WAY")]
    public async Task Redirect_is_a_signed_address_and_asks_nobody(PaymentMethod method, string name, string product)
    {
        var created = await AlipayFixture.Open().CreateAsync(Request(method), CancellationToken.None);

        var prompt = Assert.IsType<CreateResult.Prompted>(created).Prompt;
        Assert.Equal(PromptKind.Redirect, prompt.Kind);
        var url = new Uri(prompt.Url ?? "");
        Assert.Equal("https://openapi.alipay.com/gateway.do", url.GetLeftPart(UriPartial.Path));
        var fields = url.Query[1..].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        AssertSigned(fields);
        Assert.Equal(
            (name, "JSON", "utf-8", "RSA2", "1.0", "2026-12-31 12:00:00"),
            (fields["method"], fields["format"], fields["charset"], fields["sign_type"], fields["version"], fields["timestamp"]));
        Assert.Equal(("https://pay.example.com/notify/alipay/1", "https://pay.example.com/pay/t/return"), (fields["notify_url"], fields["return_url"]));
        using var content = JsonDocument.Parse(fields["biz_content"]);
        Assert.Equal(
            (AlipayFixture.OutTradeNo, product, "123.40", "测试商品 A B", "2026-12-31 12:30:00"),
            (Text(content, "out_trade_no"), Text(content, "product_code"), Text(content, "total_amount"), Text(content, "subject"), Text(content, "time_expire")));
        Assert.Equal(method == PaymentMethod.Wap, content.RootElement.TryGetProperty("quit_url", out _));
    }

    [Fact]
    public async Task Order_string_for_the_app_is_signed_and_asks_nobody()
    {
        var created = await AlipayFixture.Open().CreateAsync(Request(PaymentMethod.App), CancellationToken.None);

        var prompt = Assert.IsType<CreateResult.Prompted>(created).Prompt;
        Assert.Equal(PromptKind.App, prompt.Kind);
        var order = Assert.Single(prompt.Params ?? new Dictionary<string, string>());
        Assert.Equal("order_string", order.Key);
        var fields = order.Value.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        AssertSigned(fields);
        Assert.Equal(("alipay.trade.app.pay", "https://pay.example.com/notify/alipay/1"), (fields["method"], fields["notify_url"]));
        Assert.DoesNotContain("return_url", fields.Keys);
        using var content = JsonDocument.Parse(fields["biz_content"]);
        Assert.Equal(("QUICK_MSECURITY_PAY", "123.40"), (Text(content, "product_code"), Text(content, "total_amount")));
    }

    [Theory]
    [InlineData("https://openapi.alipay.com/", "https://openapi.alipay.com/gateway.do")]
    [InlineData("https://openapi.alipay.com/gateway.do/", "https://openapi.alipay.com/gateway.do")]
    [InlineData("https://openapi.alipay.com/gateway.do", "https://openapi.alipay.com/gateway.do")]
    [InlineData("http://localhost:5080/sandbox/alipay/", "http://localhost:5080/sandbox/alipay/gateway.do")]
    public void Setting_may_name_the_host_or_the_whole_gateway(string setting, string gateway) =>
        Assert.Equal(gateway, AlipayOpenApiRequest.Gateway(new Uri(setting)).AbsoluteUri);

    [Fact]
    public async Task Precreate_asks_alipay_and_shows_its_code()
    {
        var stub = AlipayStub.Saying(AlipayFixture.Answer(
            Precreate, """{"code":"10000","msg":"Success","out_trade_no":"PX20260101000001","qr_code":"https:\/\/qr.alipay.com\/bax1"}"""));

        var created = await AlipayFixture.Open(stub).CreateAsync(Request(PaymentMethod.Precreate), CancellationToken.None);

        Assert.Equal(PaymentPrompt.Qr("https://qr.alipay.com/bax1"), Assert.IsType<CreateResult.Prompted>(created).Prompt);
        var (address, fields) = Assert.Single(stub.Calls);
        Assert.Equal("https://openapi.alipay.com/gateway.do?charset=utf-8", address.AbsoluteUri);
        AssertSigned(fields);
        Assert.Equal((Precreate, "https://pay.example.com/notify/alipay/1"), (fields["method"], fields["notify_url"]));
        Assert.DoesNotContain("return_url", fields.Keys);
    }

    [Fact]
    public async Task Signed_refusal_is_a_refusal_in_alipays_words()
    {
        var refused = await PrecreateAsync("""{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TOTAL_FEE_EXCEED","sub_msg":"订单总金额不在允许范围内"}""");

        Assert.Equal(new CreateResult.Refused("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内"), refused);
    }

    [Theory]
    [InlineData("""{"code":"20000","msg":"Service Currently Unavailable","sub_code":"isp.unknow-error"}""")]
    [InlineData("""{"code":"40004","msg":"Business Failed","sub_code":"ACQ.SYSTEM_ERROR"}""")]
    [InlineData("""{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_HAS_SUCCESS"}""")]
    [InlineData("""{"code":"10000","msg":"Success","out_trade_no":"PX20260101000001"}""")]
    [InlineData("""{"code":"10000","msg":"Success","out_trade_no":"ANOTHER","qr_code":"https://qr.alipay.com/bax1"}""")]
    [InlineData("""{"code":"10000","msg":"Success","qr_code":"https://qr.alipay.com/bax1"}""")]
    public async Task Signed_answer_that_leaves_it_open_is_unknown(string content) =>
        Assert.IsType<CreateResult.Unknown>(await PrecreateAsync(content));

    [Fact]
    public async Task Refusal_that_is_not_signed_is_unknown()
    {
        var stub = AlipayStub.Saying("""{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature"}}""");

        var unknown = Assert.IsType<CreateResult.Unknown>(await AlipayFixture.Open(stub).CreateAsync(Request(PaymentMethod.Precreate), CancellationToken.None));

        Assert.Contains("isv.invalid-signature", unknown.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b=c&d", "a b c d")]
    [InlineData(" 商品\r\n\t名称 ", "商品   名称")]
    [InlineData("///", AlipayFixture.OutTradeNo)]
    [InlineData("", AlipayFixture.OutTradeNo)]
    public void Subject_keeps_what_alipay_takes(string subject, string expected) =>
        Assert.Equal(expected, AlipayOpenApiContent.Subject(subject, AlipayFixture.OutTradeNo));

    [Fact]
    public void Subject_is_cut_between_characters()
    {
        var cut = AlipayOpenApiContent.Subject("x" + string.Concat(Enumerable.Repeat("🙂", 300)), "");

        Assert.Equal(255, cut.Length);
        Assert.EndsWith("🙂", cut, StringComparison.Ordinal);
    }

    private static async Task<CreateResult> PrecreateAsync(string content) => await AlipayFixture
        .Open(AlipayStub.Saying(AlipayFixture.Answer(Precreate, content), HttpStatusCode.OK))
        .CreateAsync(Request(PaymentMethod.Precreate), CancellationToken.None);

    private static CreatePayment Request(PaymentMethod method) => new(
        AlipayFixture.OutTradeNo, 12340, "测试商品 A&B", method, AlipayFixture.Now.AddMinutes(30),
        new Uri("https://pay.example.com/notify/alipay/1"), new Uri("https://pay.example.com/pay/t/return"));

    private static void AssertSigned(Dictionary<string, string> fields)
    {
        var text = string.Join('&', fields.Where(field => field.Key != "sign").OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}={field.Value}"));
        Assert.Equal(AlipayFixture.Sign(Encoding.UTF8.GetBytes(text), "alipay_app.private_pem"), fields["sign"]);
    }

    private static string? Text(JsonDocument content, string name) => content.RootElement.GetProperty(name).GetString();
}
