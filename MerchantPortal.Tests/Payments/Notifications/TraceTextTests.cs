using System.Globalization;
using System.Resources;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

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
