using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

public sealed class WeChatPayV3ChannelTests
{
    internal static CreatePayment Order(PaymentMethod method = PaymentMethod.Native, string subject = "测试商品 A", string? clientIp = null) => new(
        WeChatPayV3Fixture.OutTradeNo, 12340, subject, method, new DateTimeOffset(2026, 12, 31, 4, 30, 0, TimeSpan.Zero),
        new Uri("https://pay.example.com/notify/wechat-v3/1"), new Uri("https://pay.example.com/pay/1/return"), clientIp);
}
