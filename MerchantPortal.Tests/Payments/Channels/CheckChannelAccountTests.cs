using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Payments.Channels;

/// <summary>An account is tried before a buyer does: keys, clock, both directions, and in the sandbox a whole payment.</summary>
public sealed class CheckChannelAccountTests
{
    [Fact]
    public async Task Every_channel_that_the_sandbox_plays_passes_every_check_and_books_one_fen()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = await StoreAsync(portal);
        var channels = portal.Services.GetServices<ISandboxGateway>().Select(gateway => gateway.Channel).ToList();
        Assert.NotEmpty(channels);
        foreach (var channel in channels)
        {
            var accountId = await AddAsync(portal, store, channel);

            var checks = await CheckAsync(portal, store, accountId);

            Assert.Empty(checks.Where(check => !check.Ok).Select(check => $"{channel} {check.Step}: {check.Detail}"));
            Assert.Equal(portal.Get<CheckChannelAccount>().Steps(PaymentMode.Test), checks.Select(check => check.Step));
            var paid = checks.Single(check => check.Step == ChannelCheckSteps.Payment).Detail;
            Assert.Equal((OrderStatus.Paid, 1L), await portal.ReadAsync(db => db.Orders.Where(order => order.Number == paid)
                .Select(order => new ValueTuple<OrderStatus, long>(order.Status, order.Amount)).SingleAsync()));
        }

        await portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_with_its_difference()
    {
        // The gateway's web server tells the time of the machine.
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(4));
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(time));
        var store = await StoreAsync(portal);

        var checks = await CheckAsync(portal, store, await AddAsync(portal, store, "alipay"), until: ChannelCheckSteps.Clock);

        var clock = checks[^1];
        Assert.False(clock.Ok);
        Assert.Contains("behind", clock.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_account_is_never_asked_to_pay()
    {
        await using var portal = await PortalFactory.StartAsync();

        Assert.DoesNotContain(ChannelCheckSteps.Payment, portal.Get<CheckChannelAccount>().Steps(PaymentMode.Live));
        Assert.Contains(ChannelCheckSteps.Payment, portal.Get<CheckChannelAccount>().Steps(PaymentMode.Test));
    }

    private static async Task<Store> StoreAsync(PortalFactory portal)
    {
        var store = new Store { Name = "茶铺" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return store;
    }

    private static async Task<Guid> AddAsync(PortalFactory portal, Store store, string channel)
    {
        var form = await portal.Get<RegisterSandboxMerchant>().ExecuteAsync(channel, CancellationToken.None) ?? [];
        var saved = await portal.Get<SaveChannelAccount>().ExecuteAsync(
            null, new ChannelAccountForm(channel, channel, PaymentMode.Test, form), Actor.System(store.Id), CancellationToken.None);
        return Assert.IsType<SaveChannelAccountResult.Saved>(saved).AccountId;
    }

    private static async Task<List<ChannelCheck>> CheckAsync(PortalFactory portal, Store store, Guid accountId, string? until = null)
    {
        var checks = new List<ChannelCheck>();
        await foreach (var check in portal.Get<CheckChannelAccount>().ExecuteAsync(accountId, Actor.System(store.Id), CancellationToken.None))
        {
            checks.Add(check);
            if (check.Step == until)
            {
                break;
            }
        }

        return checks;
    }
}
