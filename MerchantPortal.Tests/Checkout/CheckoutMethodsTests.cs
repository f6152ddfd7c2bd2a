using MerchantPortal.Checkout;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Checkout;

/// <summary>
/// The table of devices and accounts. Notation: W wallet WeChat, A Alipay, Q quick pay; the wire's method; how it is shown; "or" the code
/// that takes its place where it fails.
/// </summary>
public sealed class CheckoutMethodsTests
{
    private static readonly string[] Banks = ["ICBCB2C", "CMB"];

    private static readonly CheckoutAccount WeChat = new(Guid.CreateVersion7(), false, [PaymentMethod.Native, PaymentMethod.H5, PaymentMethod.Jsapi]);
    private static readonly CheckoutAccount CodesOnly = new(Guid.CreateVersion7(), false, [PaymentMethod.Native]);
    private static readonly CheckoutAccount Alipay = new(Guid.CreateVersion7(), false, [PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Precreate]);
    private static readonly CheckoutAccount FaceToFace = new(Guid.CreateVersion7(), false, [PaymentMethod.Precreate]);
    private static readonly CheckoutAccount WeChatV2 = new(Guid.CreateVersion7(), true, [PaymentMethod.Native, PaymentMethod.H5, PaymentMethod.Jsapi, PaymentMethod.App]);
    private static readonly CheckoutAccount Mapi = new(Guid.CreateVersion7(), true, [PaymentMethod.Page, PaymentMethod.App]) { Banks = Banks };
    private static readonly CheckoutAccount BeeCloud = new(Guid.CreateVersion7(), true, [PaymentMethod.Native, PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.Button]);
    private static readonly CheckoutAccount ButtonOnly = new(Guid.CreateVersion7(), true, [PaymentMethod.Button]);
    private static readonly CheckoutAccount App = new(Guid.CreateVersion7(), true, [PaymentMethod.App]);

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code, A Page Button")]
    [InlineData(BuyerDevice.Phone, "A Wap Button, W H5 Button or Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode, A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void Both_wallets(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, WeChat, Alipay));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code")]
    [InlineData(BuyerDevice.Phone, "W H5 Button or Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode")]
    [InlineData(BuyerDevice.AlipayApp, "W Native Code")]
    public void WeChat_alone(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, WeChat));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code, A Page Button")]
    [InlineData(BuyerDevice.Phone, "A Wap Button, W H5 Button or Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Jsapi InApp or Native SameScreenCode, A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void An_account_that_can_identify_the_payer_is_paid_inside_WeChat(BuyerDevice device, string expected) =>
        Assert.Equal(expected, Offered(device, WeChat with { CanIdentify = true }, Alipay));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code")]
    [InlineData(BuyerDevice.Phone, "W Native SameScreenCode")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode")]
    [InlineData(BuyerDevice.AlipayApp, "W Native Code")]
    public void A_WeChat_account_that_offers_codes_only(BuyerDevice device, string expected) =>
        Assert.Equal(expected, Offered(device, CodesOnly with { CanIdentify = true }));

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
    [InlineData(BuyerDevice.Desktop, "A Page Button with 2 banks")]
    [InlineData(BuyerDevice.Phone, "A Page Button with 2 banks")]
    [InlineData(BuyerDevice.WeChatApp, "A Page OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Page Button with 2 banks")]
    public void An_account_with_banks_lets_the_buyer_choose_one_wherever_its_page_opens(BuyerDevice device, string expected) =>
        Assert.Equal(expected, Offered(device, Mapi));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code, A Page Button, Q Button Script")]
    [InlineData(BuyerDevice.Phone, "A Wap Button, W Native SameScreenCode, Q Button Script")]
    [InlineData(BuyerDevice.WeChatApp, "W Native SameScreenCode, A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void An_aggregators_account_stands_for_each_wallet_that_its_methods_reach(BuyerDevice device, string expected) =>
        Assert.Equal(expected, Offered(device, BeeCloud));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "Q Button Script")]
    [InlineData(BuyerDevice.Phone, "Q Button Script")]
    [InlineData(BuyerDevice.WeChatApp, "Q Button OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "Q Button Script")]
    public void A_button_alone(BuyerDevice device, string expected) => Assert.Equal(expected, Offered(device, ButtonOnly));

    [Theory]
    [InlineData(BuyerDevice.Desktop, "W Native Code, A Page Button, Q Button Script")]
    [InlineData(BuyerDevice.Phone, "A Wap Button, W H5 Button or Native SameScreenCode, Q Button Script")]
    [InlineData(BuyerDevice.WeChatApp, "W Jsapi InApp or Native SameScreenCode, A Wap OpenElsewhere")]
    [InlineData(BuyerDevice.AlipayApp, "A Wap Button")]
    public void Of_all_accounts_together_each_wallet_appears_once_and_through_a_current_protocol(BuyerDevice device, string expected)
    {
        CheckoutAccount[] all = [App, BeeCloud, Mapi, WeChatV2 with { CanIdentify = true }, FaceToFace, Alipay, WeChat with { CanIdentify = true }];

        Assert.Equal(expected, Offered(device, all));
        Assert.All(CheckoutMethods.For(all, device).Where(method => method.Brand != CheckoutBrand.QuickPay), method =>
        {
            Assert.Contains(method.AccountId, new[] { WeChat.Id, Alipay.Id });
            Assert.Empty(method.Banks);
        });
    }

    [Fact]
    public void A_legacy_account_that_fits_the_device_goes_before_a_current_one_that_does_not()
    {
        var legacy = WeChatV2 with { CanIdentify = true };

        Assert.Equal("W Jsapi InApp or Native SameScreenCode", Offered(BuyerDevice.WeChatApp, CodesOnly, legacy));
        Assert.Equal("W H5 Button or Native SameScreenCode", Offered(BuyerDevice.Phone, CodesOnly, legacy));
        Assert.Equal(CodesOnly.Id, CheckoutMethods.For([legacy, CodesOnly], BuyerDevice.Desktop)[0].AccountId);
        Assert.Equal(CodesOnly.Id, CheckoutMethods.For([legacy, CodesOnly], BuyerDevice.WeChatApp)[0].Fallback?.AccountId);
    }

    [Theory]
    [InlineData(BuyerDevice.Desktop)]
    [InlineData(BuyerDevice.Phone)]
    [InlineData(BuyerDevice.WeChatApp)]
    [InlineData(BuyerDevice.AlipayApp)]
    public void What_only_an_app_can_start_is_not_offered(BuyerDevice device) => Assert.Equal("", Offered(device, App));

    [Fact]
    public void A_current_protocol_goes_before_a_legacy_one_and_the_older_account_before_the_younger()
    {
        var legacy = WeChat with { Id = Guid.Empty, IsLegacy = true };
        var younger = WeChat with { Id = Guid.CreateVersion7() };
        Assert.Equal(WeChat.Id, CheckoutMethods.For([younger, legacy, WeChat], BuyerDevice.Desktop)[0].AccountId);
        Assert.Equal(legacy.Id, CheckoutMethods.For([legacy], BuyerDevice.Desktop)[0].AccountId);
    }

    [Theory]
    [InlineData("wechat", PaymentMethod.Jsapi)]
    [InlineData("wechat-code", PaymentMethod.Native)]
    [InlineData("alipay", PaymentMethod.Wap)]
    [InlineData("alipay-code", null)]
    [InlineData("quick", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_form_names_a_way_to_pay_or_the_code_that_takes_its_place(string? name, PaymentMethod? method) => Assert.Equal(
        method, CheckoutMethods.Named(CheckoutMethods.For([WeChat with { CanIdentify = true }, Alipay], BuyerDevice.WeChatApp), name)?.Method);

    private static string Offered(BuyerDevice device, params CheckoutAccount[] accounts) => string.Join(", ", CheckoutMethods.For(accounts, device).Select(Told));

    private static string Told(CheckoutMethod method) => $"{method.Brand.ToString()[0]} {method.Method} {method.Presentation}"
        + (method.Banks.Count > 0 ? $" with {method.Banks.Count} banks" : "")
        + (method.Fallback is { } code ? $" or {code.Method} {code.Presentation}" : "");
}
