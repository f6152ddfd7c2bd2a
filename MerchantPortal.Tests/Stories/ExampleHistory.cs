using System.Net.Http.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trial;
using MerchantPortal.Shell;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Stories;

/// <summary>Believable sales through the front door: every order is placed, offered and paid in the sandbox.</summary>
internal static class ExampleHistory
{
    private static readonly (string Subject, long Amount)[] Sales =
    [
        ("明前龙井 50g", 12800), ("白茶礼盒", 26800), ("桂花乌龙 100g", 8800), ("紫砂小壶", 45900), ("茉莉花茶 250g", 6600), ("普洱小青柑", 15800), ("茶巾两条", 2400), ("盖碗", 9900),
    ];

    public static async Task MakeAsync(PortalFactory portal)
    {
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        var owner = new Actor(store.Id, ActorKind.Person, "", "林小姐");
        await portal.Get<IEnumerable<ITryItNow>>().Single().ExecuteAsync(owner, CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        foreach (var (index, sale) in Sales.Index())
        {
            var outTradeNo = await OfferAsync(portal, owner, sale);
            if (index < Sales.Length - 1)
            {
                await client.PostAsJsonAsync("sandbox/api/pay", new { out_trade_no = outTradeNo, fault = index == 2 ? "tamper" : index == 4 ? "wrong_amount" : null });
            }
        }
    }

    /// <summary>One sale of ¥128.00 by WeChat Pay, which the buyer has paid while <paramref name="fault"/> struck.</summary>
    public static async Task<Guid> SellAsync(PortalFactory portal, string fault)
    {
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        var owner = new Actor(store.Id, ActorKind.Person, "", "林小姐");
        await portal.Get<IEnumerable<ITryItNow>>().Single().ExecuteAsync(owner, CancellationToken.None);
        var outTradeNo = await OfferAsync(portal, owner, Sales[0]);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        using var paid = await client.PostAsJsonAsync("sandbox/api/pay", new { out_trade_no = outTradeNo, fault });
        paid.EnsureSuccessStatusCode();
        await portal.Get<NotificationPump>().WhenQuietAsync(CancellationToken.None).WaitAsync(Patience.Limit);
        return await portal.ReadAsync(db => db.Attempts.Where(row => row.OutTradeNo == outTradeNo).Select(row => row.OrderId).SingleAsync());
    }

    /// <summary>A BeeCloud account with a subscription that was charged twice and declined once.</summary>
    public static async Task SubscribeAsync(PortalFactory portal)
    {
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        await portal.Get<TrialAccounts>().EnsureAsync("beecloud", "BeeCloud 沙箱", new Actor(store.Id, ActorKind.Person, "", "林小姐"), CancellationToken.None);
        var account = await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "beecloud"));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        var webhook = portal.Get<PortalUrls>().Notify("beecloud", account.Id).AbsoluteUri;
        using var registration = new FormUrlEncodedContent(new Dictionary<string, string> { ["app_id"] = account.AppId, ["webhook"] = webhook });
        using var registered = await client.PostAsync(new Uri("sandbox/subscriptions", UriKind.Relative), registration);
        var code = registered.Headers.Location?.OriginalString.Split('#')[1] ?? throw new InvalidOperationException("Nothing was registered.");
        foreach (var fault in new[] { "", "", "declined" })
        {
            using var charge = new FormUrlEncodedContent(new Dictionary<string, string> { ["fault"] = fault });
            using var charged = await client.PostAsync(new Uri($"sandbox/subscriptions/{code}/charge", UriKind.Relative), charge);
        }
    }

    /// <summary>Today's bill with one payment too many, and yesterday closed by the shop's owner.</summary>
    public static async Task<(string Today, string Closed, Guid Difference)> ReconcileAsync(PortalFactory portal)
    {
        var account = await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "wechat-v3"));
        var owner = new Actor(account.StoreId, ActorKind.Person, "", "林小姐");
        var today = portal.Get<ReconciliationQueries>().Today;
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        await portal.Get<FetchBill>().ExecuteAsync(account.Id, today.AddDays(-1), owner, null, CancellationToken.None);
        await portal.Get<CloseDay>().ExecuteAsync(today.AddDays(-1), owner, CancellationToken.None);
        await client.PostAsJsonAsync("sandbox/api/faults", new { next_bill = "extra_line" });
        await portal.Get<FetchBill>().ExecuteAsync(account.Id, today, owner, null, CancellationToken.None);
        var difference = await portal.ReadAsync(db => db.BillDifferences.OrderBy(row => row.Id).Select(row => row.Id).FirstAsync());
        return ($"{today:yyyy-MM-dd}", $"{today.AddDays(-1):yyyy-MM-dd}", difference);
    }

    /// <summary>Three payments given back: a part of one, one that the gateway ends in the buyer's dead card, and one for which the balance is too small.</summary>
    public static async Task GiveBackAsync(PortalFactory portal)
    {
        var orders = await portal.ReadAsync(db => db.Orders.OrderByDescending(row => row.Id).Where(row => row.Status == OrderStatus.Paid).Take(3).ToListAsync());
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };
        foreach (var (order, fault, reason) in orders.Zip(["abnormal", "not_enough", "none"], [RefundReason.Defective, RefundReason.BuyerChangedMind, RefundReason.PriceDifference]))
        {
            await client.PostAsJsonAsync("sandbox/api/faults", new { next_refund = fault });
            Assert.IsType<RefundPaymentResult.Taken>(await portal.Get<RefundPayment>().ExecuteAsync(
                new(order.Id, null, fault == "none" ? order.Amount / 4 : order.Amount, reason, fault == "abnormal" ? "壶盖有裂纹" : ""), new Actor(order.StoreId, ActorKind.Person, "", "林小姐"), CancellationToken.None));
        }
    }

    private static async Task<string> OfferAsync(PortalFactory portal, Actor owner, (string Subject, long Amount) sale)
    {
        var placed = (PlaceOrderResult.Placed)await portal.Get<PlaceOrder>().ExecuteAsync(
            new NewOrder(PaymentMode.Test, [], sale.Amount, sale.Subject), owner, CancellationToken.None);
        var account = await portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "wechat-v3"));
        var started = (StartPaymentResult.Started)await portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(placed.Order.Id, account.Id, PaymentMethod.Native), owner, CancellationToken.None);
        return started.Attempt.OutTradeNo;
    }
}
