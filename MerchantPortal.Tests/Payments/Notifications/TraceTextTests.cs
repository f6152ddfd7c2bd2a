using System.Globalization;
using System.Resources;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Channels.AlipayMapi;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV2;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>What a channel writes into a trace is read by Chinese shopkeepers: each fixed sentence has its Chinese.</summary>
public sealed class TraceTextTests
{
    private static readonly ResourceManager Sentences = new(typeof(TraceText));
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    [Theory]
    [InlineData("dev-v3-pay-ok-pubkey-mode")]
    [InlineData("dev-v3-neg-wrong-key")]
    [InlineData("dev-v3-neg-merchant-key")]
    [InlineData("dev-v3-neg-wrong-apiv3-key")]
    [InlineData("dev-v3-neg-reserialized-body")]
    [InlineData("dev-v3-neg-not-json")]
    public void A_sentence_of_wechat_has_its_chinese(string id)
    {
        var request = VectorFile.Find(id).Inputs.GetProperty("request");
        var headers = request.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name.ToLowerInvariant(), header => header.Value.GetString() ?? "");
        AssertChinese(WeChatPayV3Fixture.Open().Verify(WeChatPayV3Fixture.Post(Vector.Body(request), headers)).Trace);
    }

    [Theory]
    [InlineData("dev-alipay-pay-ok")]
    [InlineData("dev-alipay-neg-wrong-key")]
    [InlineData("dev-alipay-neg-app-key")]
    [InlineData("dev-alipay-neg-missing-sign")]
    [InlineData("dev-alipay-neg-downgrade-rsa1")]
    public void A_sentence_of_alipay_has_its_chinese(string id) => AssertChinese(
        AlipayFixture.Open().Verify(AlipayFixture.Post(Encoding.UTF8.GetString(Vector.Body(VectorFile.Find(id).Inputs.GetProperty("request"))))).Trace);

    [Fact]
    public void A_sentence_of_the_first_app_interface_has_its_chinese()
    {
        var query = WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid());
        var mixedUp = WeChatLegacyAppFixture.Signed(WeChatLegacyAppFixture.Paid(), key: WeChatLegacyAppFixture.PaySignKey);
        foreach (var raw in new[]
        {
            WeChatLegacyAppFixture.Post(query, WeChatLegacyAppFixture.Body()),
            WeChatLegacyAppFixture.Post(query),
            WeChatLegacyAppFixture.Post(query, WeChatLegacyAppFixture.Body(signature: new string('0', 40))),
            WeChatLegacyAppFixture.Post(mixedUp),
            WeChatLegacyAppFixture.Post(""),
            WeChatLegacyAppFixture.Post(query, method: "GET"),
        })
        {
            AssertChinese(WeChatLegacyAppFixture.Open().Verify(raw).Trace);
        }
    }

    [Theory]
    [InlineData("dev-v2-pay-ok-md5")]
    [InlineData("dev-v2-neg-wrong-key")]
    [InlineData("dev-v2-neg-no-key")]
    [InlineData("dev-v2-neg-missing-sign")]
    [InlineData("dev-v2-neg-doctype-harmless")]
    [InlineData("dev-v2-neg-nested-element")]
    [InlineData("dev-v2-neg-malformed")]
    [InlineData("dev-v2-neg-wrong-root")]
    [InlineData("dev-v2-refund-ok")]
    [InlineData("dev-v2-neg-refund-wrong-key")]
    [InlineData("dev-v2-neg-refund-inner-doctype")]
    public void A_sentence_of_wechats_older_interface_has_its_chinese(string id) =>
        AssertChinese(WeChatPayV2Fixture.Open().Verify(WeChatPayV2Fixture.Post(Vector.Body(VectorFile.Find(id).Inputs.GetProperty("request")))).Trace);

    [Theory]
    [InlineData("dev-mapi-notify-ok")]
    [InlineData("dev-mapi-neg-key-with-separator")]
    [InlineData("dev-mapi-neg-signtype-switch")]
    [InlineData("dev-mapi-neg-empty-key")]
    [InlineData("dev-mapi-neg-empty-sign")]
    public void A_sentence_of_alipays_old_interface_has_its_chinese(string id) =>
        AssertChinese(AlipayMapiFixture.Open().Verify(AlipayMapiFixture.Post(Vector.Body(VectorFile.Find(id).Inputs.GetProperty("request")))).Trace);

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 0)]
    [InlineData("invalid", 0)]
    [InlineData("busy", 0)]
    [InlineData("busy", 2)]
    [InlineData("<alipay><is_success>F</is_success><error>TRADE_NOT_EXIST</error></alipay>", 2)]
    public async Task What_alipay_says_of_a_message_has_its_chinese(string answer, int minutes)
    {
        var channel = AlipayMapiFixture.Open(stub: MapiStub.Saying(answer), now: AlipayMapiFixture.Now.AddMinutes(minutes));
        var raw = AlipayMapiFixture.Post(AlipayMapiFixture.Signed(AlipayMapiFixture.Paid()));
        var said = await channel.ConfirmAsync(raw, AlipayMapiFixture.Accepted(channel.Verify(raw)), CancellationToken.None);

        AssertChinese([new(TraceSteps.Confirmed, said is Confirmation.Confirmed, said.Detail)]);
    }

    private static void AssertChinese(IReadOnlyList<TraceStep> trace) => Assert.Empty(trace
        .Where(step => !step.Detail.Any(char.IsAsciiDigit) || step.Detail.Contains("APIv3", StringComparison.Ordinal) || step.Detail.Contains("RSA2", StringComparison.Ordinal)
            || step.Detail.Contains("MD5", StringComparison.Ordinal))
        .Where(step => !step.Detail.StartsWith("Read as", StringComparison.Ordinal) && !step.Detail.Contains("read and written again", StringComparison.Ordinal))
        .Where(step => Sentences.GetString(step.Detail, Chinese) is not { } chinese || chinese == step.Detail)
        .Select(step => $"{step.Step}: {step.Detail}"));
}
