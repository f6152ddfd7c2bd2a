using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Stories;

/// <summary>The first day of a shop, in a real browser, over real HTTP, with real signatures.</summary>
public sealed class FirstDayTests
{
    [Fact]
    public async Task A_new_owner_sells_something_and_two_windows_see_it_paid()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var browser = await Browser.StartAsync();
        var till = await browser.OpenAsync(portal.Address);
        var keeper = new ShopKeeper(till);
        await keeper.SetUpAsync(portal);
        await keeper.TryItInTheSandboxAsync();
        await keeper.CreateProductAsync("明前龙井", "128.00");
        var number = await keeper.CreateOrderAsync("88.00", "龙井 50g");

        // The code on the till opens the checkout page; the code there opens the wallet.
        var checkoutUrl = await till.ReadQrCodeAsync();
        var counter = await browser.OpenAsync(portal.Address);
        await counter.Page.GotoAsync(checkoutUrl);
        var walletUrl = await counter.ReadQrCodeAsync();

        await till.VisitAsync("/orders");
        var office = await browser.OpenAsync(portal.Address);
        var boss = new ShopKeeper(office);
        await boss.SignInAsync();
        await office.VisitAsync("/orders");
        await Assertions.Expect(RowOf(office, number)).ToContainTextAsync("待支付");

        var phone = await browser.OpenAsync(portal.Address, width: 390);
        await phone.Page.GotoAsync(walletUrl);
        await phone.Page.ClickAsync(".sb-button-pay");

        await Assertions.Expect(RowOf(till, number)).ToContainTextAsync("已支付");
        await Assertions.Expect(RowOf(office, number)).ToContainTextAsync("已支付");
        await Assertions.Expect(counter.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        await Assertions.Expect(counter.Page.Locator(".qr-code")).ToHaveCountAsync(0);
        Assert.All([till, counter, office, phone], tab => tab.AssertClean());
        var order = await portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Number == number));
        Assert.Equal((OrderStatus.Paid, 8800, OrderFlags.None), (order.Status, order.PaidAmount, order.Flags));
        Assert.Equal(1, await portal.ReadAsync(db => db.Payments.CountAsync(row => row.OrderId == order.Id)));
        await portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_wrong_key_refuses_the_callback_until_it_is_mended_and_replayed()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var browser = await Browser.StartAsync();
        var till = await browser.OpenAsync(portal.Address);
        var keeper = new ShopKeeper(till);
        await keeper.SetUpAsync(portal);
        await keeper.TryItInTheSandboxAsync();
        var account = await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "wechat-v3"));
        var rightKey = (string?)portal.Get<MerchantPortal.Payments.Channels.PaymentChannels>().ReadForm(account)["api_v3_key"] ?? "";
        await keeper.ReplaceSecretAsync(account.Id, "api_v3_key", new string('x', 32));
        var number = await keeper.CreateOrderAsync("66.00", "碧螺春");
        await PayAtTheCounterAsync(portal, browser, await till.ReadQrCodeAsync());
        // The gateway does not call again soon, so that it is the replay that books the money.
        await portal.Get<SandboxWriter>().WriteAsync(
            (db, ct) => db.Deliveries.ExecuteUpdateAsync(row => row.SetProperty(delivery => delivery.DueAt, DateTimeOffset.UnixEpoch.AddYears(100)), ct), CancellationToken.None);
        var order = await portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Number == number));
        Assert.Equal(OrderStatus.Pending, order.Status);

        await keeper.ReplaceSecretAsync(account.Id, "api_v3_key", rightKey);
        var capture = await portal.ReadAsync(db => db.Inbox.OrderBy(row => row.Id).FirstAsync());
        Assert.Equal((CallbackStatus.Rejected, "decrypt_failed"), (capture.Status, capture.Reason));
        await keeper.RehearseAsync(capture.Id);
        Assert.Equal(OrderStatus.Pending, await portal.ReadAsync(db => db.Orders.Where(row => row.Id == order.Id).Select(row => row.Status).SingleAsync()));
        await keeper.ReplayAsync("APIv3 密钥已更正");

        await Assertions.Expect(keeper.Page.Locator(".history").GetByText("已入账").First).ToBeVisibleAsync();
        var paid = await portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Id == order.Id));
        Assert.Equal((OrderStatus.Paid, 6600), (paid.Status, paid.PaidAmount));
        Assert.Equal(1, await portal.ReadAsync(db => db.Payments.CountAsync(row => row.OrderId == order.Id)));
        till.AssertClean();
        await portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_buyer_on_a_phone_pays_by_alipay_and_comes_back_to_a_paid_page()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var browser = await Browser.StartAsync();
        var till = await browser.OpenAsync(portal.Address);
        var keeper = new ShopKeeper(till);
        await keeper.SetUpAsync(portal);
        await keeper.TryItInTheSandboxAsync();
        var number = await keeper.CreateOrderAsync("45.50", "白茶");
        var checkoutUrl = await till.ReadQrCodeAsync();

        var phone = await browser.OpenAsync(portal.Address, width: 390, userAgent: "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36");
        await phone.Page.GotoAsync(checkoutUrl);
        await phone.Page.ClickAsync(".button-alipay");
        await Assertions.Expect(phone.Page).ToHaveURLAsync(new Regex("/sandbox/"));
        await phone.Page.ClickAsync(".sb-button-pay");
        await Assertions.Expect(phone.Page).ToHaveURLAsync(new Regex("/pay/"));

        await Assertions.Expect(phone.Page.Locator("[data-state=paid]")).ToBeVisibleAsync();
        phone.AssertClean();
        var order = await portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Number == number));
        Assert.Equal((OrderStatus.Paid, 4550), (order.Status, order.PaidAmount));
        await portal.AssertInvariantsAsync();
    }

    private static async Task PayAtTheCounterAsync(PortalFactory portal, Browser browser, string checkoutUrl)
    {
        var counter = await browser.OpenAsync(portal.Address);
        await counter.Page.GotoAsync(checkoutUrl);
        var phone = await browser.OpenAsync(portal.Address, width: 390);
        await phone.Page.GotoAsync(await counter.ReadQrCodeAsync());
        await phone.Page.ClickAsync(".sb-button-pay");
        await Assertions.Expect(phone.Page.Locator(".sb-notice-paid")).ToBeVisibleAsync();
        await portal.Get<NotificationPump>().WhenQuietAsync(CancellationToken.None).WaitAsync(Patience.Limit);
    }

    private static ILocator RowOf(Tab tab, string number) => tab.Page.Locator("tr[data-row]", new() { HasText = number });
}
