using MerchantPortal.Checkout;

namespace MerchantPortal.Tests.Checkout;

public sealed class BuyerAgentTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", BuyerDevice.Desktop)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", BuyerDevice.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", BuyerDevice.Phone)]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", BuyerDevice.Phone)]
    [InlineData("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1 Mobile", BuyerDevice.Phone)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50(0x1800322f) NetType/WIFI Language/zh_CN", BuyerDevice.WeChatApp)]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) MicroMessenger/7.0.20.1781 NetType/WIFI MiniProgramEnv/Windows WindowsWechat/WMPF", BuyerDevice.Desktop)]
    [InlineData("Mozilla/5.0 (Linux; U; Android 14) Mobile Safari/537.36 AlipayDefined(nt:WIFI) AliApp(AP/10.6.0) AlipayClient/10.6.0 Language/zh-Hans", BuyerDevice.AlipayApp)]
    [InlineData("", BuyerDevice.Desktop)]
    [InlineData(null, BuyerDevice.Desktop)]
    public void A_user_agent_tells_the_device(string? userAgent, BuyerDevice device) => Assert.Equal(device, BuyerAgent.DeviceOf(userAgent));

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", true)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true)]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", true)]
    [InlineData("curl/8.5.0", true)]
    [InlineData("", true)]
    [InlineData(null, true)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", false)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50", false)]
    public void A_looker_without_a_buyer_is_known(string? userAgent, bool isBot) => Assert.Equal(isBot, BuyerAgent.IsBot(userAgent));
}
