using MerchantPortal.Checkout;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>The table of devices and accounts. Notation: W wallet WeChat, A Alipay; the wire's method; how it is shown.</summary>
public sealed class CheckoutMethodsTests
{
    private static readonly CheckoutAccount WeChat = new(Guid.CreateVersion7(), false, [PaymentMethod.Native, PaymentMethod.H5, PaymentMethod.Jsapi]);
    private static readonly CheckoutAccount Alipay = new(Guid.CreateVersion7(), false, [PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Precreate]);
    private static readonly CheckoutAccount FaceToFace = new(Guid.CreateVersion7(), false, [PaymentMethod.Precreate]);
    private static readonly CheckoutAccount App = new(Guid.CreateVersion7(), true, [PaymentMethod.App]);

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code, A Page Button")]
    [InlineData(BuyerDevice.Phone, "A Wap Button, W Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode, A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void Both_wallets(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, WeChat, Alipay));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code")]
    [InlineData(BuyerDevice.Phone, "W Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode")]
    [InlineData(BuyerDevice.AlipayApp, "W Native Code")]
    public void WeChat_alone(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, WeChat));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "A Page Button")]
    [InlineData(BuyerDevice.Phone, "A Wap Button")]
    [InlineData(BuyerDevice.WeChatApp, "A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void Alipay_alone(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, Alipay));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "A Precreate Code")]
    [InlineData(BuyerDevice.Phone, "A Precreate SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "A Precreate OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Precreate SameScreenCode")]
    public void An_Alipay_account_without_pages_shows_its_code(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, FaceToFace));

    [Theory]
    [InlineData(BuyerDevice.Desktop)]
    [InlineData(BuyerDevice.Phone)]
    [InlineData(BuyerDevice.WeChatApp)]
    [InlineData(BuyerDevice.AlipayApp)]
    public void What_only_an_app_can_start_is_not_offered(BuyerDevice device) => Assert.Equal("", Offered(device, App));

    [Fact]
    public void A_current_protocol_goes_before_a_legacy_one()
    {
        var legacy = WeChat with { Id = Guid.Empty, IsLegacy = true };
        Assert.Equal(WeChat.Id, CheckoutMethods.For([legacy, WeChat], BuyerDevice.Desktop)[0].AccountId);
        Assert.Equal(legacy.Id, CheckoutMethods.For([legacy], BuyerDevice.Desktop)[0].AccountId);
    }

    private static string Offered(BuyerDevice device, params CheckoutAccount[] accounts) => string.Join(", ",
        CheckoutMethods.For(accounts, device).Select(method => $"{(method.Brand == CheckoutBrand.WeChat ? 'W' : 'A')} {method.Method} {method.Presentation}"));
}
