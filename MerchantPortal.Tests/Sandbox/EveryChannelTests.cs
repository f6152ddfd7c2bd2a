using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>
/// The same stories for every channel, from an order to its end: the console and the pipeline do not know which is which, and neither
/// do these tests. A channel that is added without a row here fails the last of them.
/// </summary>
public sealed class EveryChannelTests
{
    public static TheoryData<string, PaymentMethod> Channels => new()
    {
        { "wechat-v3", PaymentMethod.Native },
        { "wechat-v2", PaymentMethod.Native },
        { "wechat-app", PaymentMethod.App },
        { "alipay", PaymentMethod.Page },
        { "alipay-mapi", PaymentMethod.Page },
        { "beecloud", PaymentMethod.Native },
    };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task An_order_is_paid_once_however_often_the_gateway_says_so(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);

        await shop.PayAsync(trade, "duplicate:5");

        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));
        Assert.Equal([CallbackStatus.Applied, .. Enumerable.Repeat(CallbackStatus.Duplicate, 4)], (await shop.CallbacksAsync()).Select(row => row.Status).Order());
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_forged_message_moves_nothing_and_a_replay_does_not_make_it_true(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);

        await shop.PayAsync(trade, "tamper");

        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
        var forged = await shop.Portal.ReadAsync(db => db.RejectedCaptures.Select(row => row.Id).FirstAsync());
        Assert.Equal(CallbackStatus.Rejected, (await ReplayAsync(shop, trade, forged))?.Outcome);
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
        Assert.Equal(0, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));

        // The gateway itself knows the truth, and its clean copy is taken.
        await shop.ControlAsync("send-again", new { out_trade_no = trade.Attempt.OutTradeNo });
        await shop.QuietAsync();
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync(trade)).Status);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_replay_of_what_was_booked_books_nothing(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);
        var booked = await shop.Portal.ReadAsync(db => db.Inbox.Where(row => row.Status == CallbackStatus.Applied).Select(row => row.Id).SingleAsync());

        Assert.Equal(CallbackStatus.Duplicate, (await ReplayAsync(shop, trade, booked))?.Outcome);

        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));
        Assert.Equal(CallbackStatus.Applied, await shop.Portal.ReadAsync(db => db.Inbox.Where(row => row.Id == booked).Select(row => row.Status).SingleAsync()));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task Another_amount_than_the_orders_never_pays_it(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);

        await shop.PayAsync(trade, "wrong_amount");

        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
        Assert.Equal(0, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));
        // Where the gateway is asked before booking, it does not stand by such a message in the first place.
        var callback = (await shop.CallbacksAsync())[0];
        Assert.Contains(callback, new[]
        {
            (CallbackStatus.Quarantined, DecisionReasons.AmountMismatch),
            (CallbackStatus.Rejected, RejectionReasons.NotConfirmed),
        });
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task An_empty_signature_is_no_signature(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade, "tamper");
        var forged = await shop.Portal.ReadAsync(db => db.RejectedCaptures.AsNoTracking().FirstAsync());

        using var request = Sent.Of(forged, Sent.WithoutSignature);
        using var response = await shop.Http.SendAsync(request);

        Assert.All(await shop.CallbacksAsync(), callback => Assert.Equal(CallbackStatus.Rejected, callback.Status));
        Assert.Equal(2, (await shop.CallbacksAsync()).Count);
        Assert.Equal(OrderStatus.Pending, (await shop.OrderAsync(trade)).Status);
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_gateway_without_cookie_or_token_gets_its_word_and_nothing_else(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);
        var booked = await shop.Portal.ReadAsync(db => db.Inbox.AsNoTracking().FirstAsync());
        var account = await shop.Portal.Get<PaymentChannels>().FindAsync(booked.ChannelAccountId, CancellationToken.None);

        using var request = Sent.Of(booked, capture => capture);
        using var response = await shop.Http.SendAsync(request);

        // MAPI vouches for a message until it was acknowledged, so there the second one is refused.
        var word = account?.Channel.Acknowledge((await shop.CallbacksAsync())[^1].Status);
        Assert.Equal(word?.StatusCode, (int)response.StatusCode);
        Assert.Equal(Encoding.UTF8.GetBytes(word?.Body ?? ""), await response.Content.ReadAsByteArrayAsync());
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Null(response.Headers.Location);
        Assert.NotEqual("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_field_that_comes_twice_is_refused(string channel, PaymentMethod method)
    {
        await using var shop = await OpenAsync(channel);
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade, "lose");
        await shop.ControlAsync("send-again", new { out_trade_no = trade.Attempt.OutTradeNo });
        await shop.QuietAsync();
        var booked = await shop.Portal.ReadAsync(db => db.Inbox.AsNoTracking().SingleAsync());

        using var request = Sent.Of(booked, Sent.WithAFieldTwice);
        using var response = await shop.Http.SendAsync(request);

        Assert.Equal(CallbackStatus.Rejected, (await shop.CallbacksAsync())[^1].Status);
        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task Every_channel_of_the_portal_is_here()
    {
        await using var portal = await PortalFactory.StartAsync();

        Assert.Equal(
            portal.Get<PaymentChannels>().Definitions.Select(definition => definition.Channel).Order(StringComparer.Ordinal),
            Channels.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    private static async Task<SandboxShop> OpenAsync(string channel)
    {
        var shop = await SandboxShop.OpenAsync();
        await shop.AddAccountAsync(channel);
        return shop;
    }

    private static Task<ReplayResult?> ReplayAsync(SandboxShop shop, OpenTrade trade, Guid captureId) => shop.Portal.Get<ReplayNotification>().ExecuteAsync(
        captureId, dryRun: false, "looked at by hand", new Actor(trade.Order.StoreId, ActorKind.Person, "1", "Li Wei"), CancellationToken.None);
}
