using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

/// <summary>秒支付 Button: nothing is called, everything is signed here.</summary>
public sealed class BeeCloudButtonTests
{
    [Fact]
    public async Task A_button_has_the_script_and_signed_parameters()
    {
        var prompt = await PromptAsync(BeeCloudFixture.Order(PaymentMethod.Button));

        Assert.Equal((PromptKind.Jsapi, $"https://jspay.beecloud.cn/1/pay/jsbutton/returnscripts?appId={BeeCloudFixture.AppId}"), (prompt.Kind, prompt.Url));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["out_trade_no"] = "M261231ABCDEFGH",
                ["title"] = "明前龙井 50g",
                ["amount"] = "12840",
                ["sign"] = BeeCloudFixture.Md5($"{BeeCloudFixture.AppId}明前龙井 50g12840M261231ABCDEFGH{BeeCloudFixture.AppSecret}"),
                ["return_url"] = "https://shop.example/pay/t/return",
                ["optional"] = """{"out_trade_no":"M261231ABCDEFGH"}""",
            },
            prompt.Params);
    }

    [Fact]
    public async Task The_account_and_the_settings_have_their_say()
    {
        var prompt = await PromptAsync(BeeCloudFixture.Order(PaymentMethod.Button), BeeCloudFixture.Open(
            form: BeeCloudFixture.Form(instantChannel: "ali"), settings: ("Gateways:BeeCloud:ButtonScriptUrl", "https://pay.example/b.js")));

        Assert.Equal($"https://pay.example/b.js?appId={BeeCloudFixture.AppId}", prompt.Url);
        Assert.Equal("ali", prompt.Params?["instant_channel"]);
    }

    [Fact]
    public async Task A_test_account_fetches_the_sandboxs_script_and_tells_it_the_webhook()
    {
        var prompt = await PromptAsync(BeeCloudFixture.Order(PaymentMethod.Button), BeeCloudFixture.Open(mode: PaymentMode.Test));

        Assert.StartsWith("https://api.beecloud.cn/1/pay/jsbutton/returnscripts?", prompt.Url, StringComparison.Ordinal);
        Assert.Equal("https://shop.example/notify/beecloud/1", (string?)JsonNode.Parse(prompt.Params?["optional"] ?? "")?["webhook"]);
    }

    [Theory]
    [InlineData("套餐 2", "套餐 2.")]
    [InlineData("套餐２", "套餐２.")]
    [InlineData("茶 & 杯<script>", "茶 杯 script")]
    [InlineData("\"';()", "Order")]
    [InlineData("", "Order")]
    [InlineData("一二三四五六七八九十一二三四五六七八", "一二三四五六七八九十一二三四五")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123.")]
    public async Task A_title_is_plain_short_and_ends_in_no_digit(string subject, string title) =>
        Assert.Equal(title, (await PromptAsync(BeeCloudFixture.Order(PaymentMethod.Button, subject))).Params?["title"]);

    [Theory]
    [InlineData("1261231ABCDEFGH")]
    [InlineData("M26")]
    [InlineData("M261231-ABCDEFGH")]
    public async Task A_number_that_the_amount_could_run_into_is_refused(string outTradeNo) => Assert.IsType<CreateResult.Refused>(
        await BeeCloudFixture.Open().CreateAsync(BeeCloudFixture.Order(PaymentMethod.Button, outTradeNo: outTradeNo), CancellationToken.None));

    [Fact]
    public async Task The_portals_own_numbers_are_taken() => Assert.NotNull((await PromptAsync(
        BeeCloudFixture.Order(PaymentMethod.Button, outTradeNo: OrderNumber.NewOutTradeNo(OrderNumber.New(BeeCloudFixture.Now))))).Params);

    private static async Task<PaymentPrompt> PromptAsync(CreatePayment request, IPaymentChannel? channel = null) =>
        Assert.IsType<CreateResult.Prompted>(await (channel ?? BeeCloudFixture.Open()).CreateAsync(request, CancellationToken.None)).Prompt;
}
