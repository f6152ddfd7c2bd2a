using System.Text;
using System.Text.RegularExpressions;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayMapi;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

public sealed class AlipayMapiCreateTests
{
    [Theory]
    [InlineData("MD5")]
    [InlineData("RSA")]
    public async Task Redirect_is_a_signed_address_and_asks_nobody(string signType)
    {
        var fields = await PageAsync(signType, Request());

        var sign = AlipayMapiFixture.Sign(Encoding.UTF8.GetBytes(AlipayMapiFixture.Text(fields)), signType, "alipay_app.private_pem");
        Assert.Equal((sign, signType), (fields["sign"], fields["sign_type"]));
        Assert.Equal(
            ("create_direct_pay_by_user", "utf-8", "1", AlipayMapiFixture.Partner, AlipayMapiFixture.Partner, "123.40", "30m", "directPay"),
            (fields["service"], fields["_input_charset"], fields["payment_type"], fields["partner"], fields["seller_id"], fields["total_fee"], fields["it_b_pay"], fields["paymethod"]));
        Assert.Equal(("https://pay.example.com/notify/alipay-mapi/1", "https://pay.example.com/pay/t/return"), (fields["notify_url"], fields["return_url"]));
        Assert.DoesNotContain("defaultbank", fields.Keys);
    }

    [Fact]
    public async Task Bank_chosen_beforehand_goes_along()
    {
        var fields = await PageAsync("MD5", Request() with { Bank = "ICBCB2C" });

        Assert.Equal(("bankPay", "ICBCB2C"), (fields["paymethod"], fields["defaultbank"]));
    }

    [Theory]
    [InlineData("NOBANK")]
    [InlineData("")]
    [InlineData("icbcb2c")]
    public async Task Bank_that_is_not_listed_is_refused(string bank) => Assert.Equal(
        "bank_unknown", Assert.IsType<CreateResult.Refused>(await AlipayMapiFixture.Open().CreateAsync(Request() with { Bank = bank }, CancellationToken.None)).Code);

    [Fact]
    public async Task Order_string_is_quoted_in_order_and_signed_as_it_stands()
    {
        var order = await OrderStringAsync(Request());

        var parts = Regex.Match(order, "^(?<text>.*)&sign=\"(?<sign>[^\"]+)\"&sign_type=\"RSA\"$");
        Assert.True(parts.Success, order);
        Assert.Equal(
            AlipayMapiFixture.Sign(Encoding.UTF8.GetBytes(parts.Groups["text"].Value), "RSA", "alipay_app.private_pem"),
            Uri.UnescapeDataString(parts.Groups["sign"].Value));
        Assert.StartsWith($"partner=\"{AlipayMapiFixture.Partner}\"&seller_id=\"{AlipayMapiFixture.SellerEmail}\"&out_trade_no=", order, StringComparison.Ordinal);
        Assert.Contains("&service=\"mobile.securitypay.pay\"&", order, StringComparison.Ordinal);
        Assert.DoesNotContain("+", parts.Groups["sign"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quote_in_a_name_of_goods_cannot_write_another_field()
    {
        var order = await OrderStringAsync(Request() with { Subject = "茶\"&total_fee=\"0.01" });

        Assert.Single(Regex.Matches(order, "total_fee=\""));
        Assert.Contains("total_fee=\"123.40\"", order, StringComparison.Ordinal);
    }

    [Fact]
    public void Quote_in_any_other_value_is_refused() => Assert.Throws<ArgumentException>(() =>
        AlipayMapiOrderString.Signed([new("partner", "2088\"&x=\"")], AlipayMapiFixture.Signature("RSA")));

    [Fact]
    public async Task Account_with_md5_has_no_payments_in_apps()
    {
        var created = await AlipayMapiFixture.Open().CreateAsync(Request() with { Method = PaymentMethod.App }, CancellationToken.None);

        Assert.Equal("sign_type_unsuitable", Assert.IsType<CreateResult.Refused>(created).Code);
    }

    [Fact]
    public async Task Order_that_is_nearly_over_still_has_a_minute()
    {
        var fields = await PageAsync("MD5", Request() with { ExpiresAt = AlipayMapiFixture.Now.AddSeconds(5) });

        Assert.Equal("1m", fields["it_b_pay"]);
    }

    private static async Task<Dictionary<string, string>> PageAsync(string signType, CreatePayment request)
    {
        var prompt = Assert.IsType<CreateResult.Prompted>(await AlipayMapiFixture.Open(signType).CreateAsync(request, CancellationToken.None)).Prompt;
        Assert.Equal(PromptKind.Redirect, prompt.Kind);
        Assert.StartsWith("https://mapi.alipay.com/gateway.do?", prompt.Url, StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(new Uri(prompt.Url ?? "").Query).ToDictionary(field => field.Key, field => field.Value.ToString());
    }

    private static async Task<string> OrderStringAsync(CreatePayment request)
    {
        var prompt = Assert.IsType<CreateResult.Prompted>(
            await AlipayMapiFixture.Open("RSA").CreateAsync(request with { Method = PaymentMethod.App }, CancellationToken.None)).Prompt;
        Assert.Equal(PromptKind.App, prompt.Kind);
        return Assert.Single(prompt.Params ?? new Dictionary<string, string>(), param => param.Key == "order_string").Value;
    }

    private static CreatePayment Request() => new(
        AlipayMapiFixture.OutTradeNo, 12340, "测试商品 A&B", PaymentMethod.Page, AlipayMapiFixture.Now.AddMinutes(30),
        new Uri("https://pay.example.com/notify/alipay-mapi/1"), new Uri("https://pay.example.com/pay/t/return"));
}
