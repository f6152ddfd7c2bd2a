using System.Net;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Shell;
using MerchantPortal.Subscriptions;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>A subscription from the sandbox's panel to the portal's books, through the production channel over HTTP.</summary>
public sealed class SubscriptionSandboxTests
{
    [Fact]
    public async Task A_subscription_is_registered_and_charged()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var code = await SubscribeAsync(shop);
        clock.Advance(TimeSpan.FromSeconds(1));

        await ChargeAsync(shop, code, "");
        clock.Advance(TimeSpan.FromSeconds(1));
        await ChargeAsync(shop, code, "duplicate:4");

        var subscription = await shop.Portal.ReadAsync(db => db.Subscriptions.SingleAsync());
        Assert.Equal((SubscriptionStatus.Active, "****6688"), (subscription.Status, subscription.CardMasked));
        Assert.Equal([(SubscriptionChargeStatus.Succeeded, 2_900), (SubscriptionChargeStatus.Succeeded, 2_900)], await ChargesAsync(shop));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("tamper", RejectionReasons.SignatureInvalid)]
    [InlineData("wrong_key", RejectionReasons.SignatureInvalid)]
    [InlineData("wrong_amount", RejectionReasons.NotConfirmed)]
    [InlineData("replayed_timestamp", RejectionReasons.TimestampReused)]
    public async Task A_faulty_charge_is_refused(string fault, string reason)
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var code = await SubscribeAsync(shop);
        clock.Advance(TimeSpan.FromSeconds(1));

        await ChargeAsync(shop, code, fault);

        Assert.Equal((CallbackStatus.Rejected, reason), (await shop.CallbacksAsync())[^1]);
        Assert.Empty(await ChargesAsync(shop));
    }

    [Fact]
    public async Task A_charge_with_an_old_timestamp_waits_and_is_confirmed()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var code = await SubscribeAsync(shop);

        await ChargeAsync(shop, code, "old_timestamp");
        Assert.Equal((CallbackStatus.Deferred, DecisionReasons.StaleWaits), (await shop.CallbacksAsync())[^1]);
        Assert.Empty(await ChargesAsync(shop));

        clock.Advance(TimeSpan.FromSeconds(1.5));
        await shop.Portal.Get<DeferredNotificationRetry>().RunOnceAsync(CancellationToken.None);
        Assert.Equal([(SubscriptionChargeStatus.Succeeded, 2_900)], await ChargesAsync(shop));
    }

    [Fact]
    public async Task A_declined_charge_is_recorded_as_one()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await SandboxShop.OpenAsync(portal => portal.WithClock(clock));
        var code = await SubscribeAsync(shop);
        clock.Advance(TimeSpan.FromSeconds(1));

        await ChargeAsync(shop, code, "declined");

        Assert.Equal((CallbackStatus.Applied, DecisionReasons.ChargeFailed), (await shop.CallbacksAsync())[^1]);
        Assert.Equal([(SubscriptionChargeStatus.Failed, 2_900)], await ChargesAsync(shop));
    }

    [Fact]
    public async Task The_panel_offers_what_can_be_done_to_a_subscription()
    {
        await using var shop = await SandboxShop.OpenAsync();
        var code = await SubscribeAsync(shop);

        var panel = await shop.Http.GetStringAsync("sandbox");

        Assert.Contains("action=\"/sandbox/subscriptions\"", panel, StringComparison.Ordinal);
        Assert.Contains($"action=\"/sandbox/subscriptions/{code}/charge\"", panel, StringComparison.Ordinal);
        Assert.Contains("replayed_timestamp", panel, StringComparison.Ordinal);
        Assert.DoesNotContain($"/sandbox/wallet/{code}", panel, StringComparison.Ordinal);
    }

    /// <returns>The registration's code at the sandbox.</returns>
    private static async Task<string> SubscribeAsync(SandboxShop shop)
    {
        var account = await shop.Portal.ReadAsync(db => db.ChannelAccounts.SingleAsync(row => row.Channel == "beecloud"));
        var code = await PostAsync(shop, "sandbox/subscriptions", new()
        {
            ["app_id"] = account.AppId,
            ["webhook"] = shop.Portal.Get<PortalUrls>().Notify("beecloud", account.Id).AbsoluteUri,
        });
        Assert.Equal([(CallbackStatus.Applied, DecisionReasons.Subscribed)], await shop.CallbacksAsync());
        return code;
    }

    private static Task<string> ChargeAsync(SandboxShop shop, string code, string fault) =>
        PostAsync(shop, $"sandbox/subscriptions/{code}/charge", new() { ["fault"] = fault });

    private static async Task<string> PostAsync(SandboxShop shop, string path, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var response = await shop.Http.PostAsync(new Uri(path, UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        await shop.QuietAsync();
        return response.Headers.Location?.OriginalString.Split('#')[1] ?? "";
    }

    private static async Task<List<(SubscriptionChargeStatus Status, long? Amount)>> ChargesAsync(SandboxShop shop) =>
        [.. (await shop.Portal.ReadAsync(db => db.SubscriptionCharges.AsNoTracking().OrderBy(row => row.Id).ToListAsync())).Select(row => (row.Status, row.Amount))];
}
