using MerchantPortal.Data;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Subscriptions;

/// <summary>A sign that covers nothing but a timestamp, and everything that is done about it, on both databases.</summary>
public abstract class SubscriptionFlowTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : SubscriptionFlowTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : SubscriptionFlowTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_confirmed_charge_is_booked_once_and_its_subscription_is_active()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        Assert.Equal("success", await shop.PostAsync(shop.Registration()));
        Assert.Equal(SubscriptionStatus.Registered, Assert.Single(await shop.SubscriptionsAsync()).Status);
        shop.Time.Advance(TimeSpan.FromSeconds(1));
        shop.Collect("bill-1");
        var body = shop.Charge("bill-1");

        Assert.Equal("success", await shop.PostAsync(body));
        Assert.Equal("success", await shop.PostAsync(body));

        var charge = Assert.Single(await shop.ChargesAsync());
        var subscription = Assert.Single(await shop.SubscriptionsAsync());
        Assert.Equal((2_900, SubscriptionChargeStatus.Succeeded, subscription.Id), (charge.Amount, charge.Status, charge.SubscriptionId));
        Assert.Equal((SubscriptionStatus.Active, "u1", "card-1", "招商银行"), (subscription.Status, subscription.BuyerId, subscription.CardId, subscription.BankName));
        Assert.Equal(["subscribed", "charged", "already_applied"], (await shop.InboxAsync()).Select(entry => entry.Reason));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Of_papers_and_cards_only_the_last_four_characters_are_kept()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        await shop.PostAsync(shop.Registration());

        var row = Assert.Single(await shop.SubscriptionsAsync());
        Assert.Equal(("****6688", "****0011", "****8000"), (row.CardMasked, row.IdMasked, row.MobileMasked));
        var attempts = await shop.Portal.ReadAsync(db => db.CaptureAttempts.ToListAsync());
        Assert.All(attempts, attempt => Assert.DoesNotMatch("6225880137706688|110101199003070011|13800138000|张三", $"{attempt.TraceJson}{attempt.ChangesJson}"));
        var decoded = (await shop.Portal.Get<NotificationQueries>().FindAsync(shop.Store.Id, (await shop.InboxAsync())[0].Id, CancellationToken.None))?.Decoded;
        Assert.All(decoded?.Fields ?? [], field => Assert.DoesNotMatch("6225880137706688|110101199003070011|13800138000|张三", field.Value));
    }

    [Fact]
    public async Task What_beecloud_does_not_stand_by_is_not_booked()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1", fee: 100);
        shop.Collect("bill-2", paid: false);

        Assert.Equal("fail", await shop.PostAsync(shop.Charge("unknown")));
        shop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("fail", await shop.PostAsync(shop.Charge("bill-1", fee: 999_999)));
        shop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("fail", await shop.PostAsync(shop.Charge("bill-2")));

        Assert.Empty(await shop.ChargesAsync());
        Assert.Equal([RejectionReasons.NotConfirmed, RejectionReasons.NotConfirmed], await shop.RejectedAsync());
        Assert.Equal(DecisionReasons.ConfirmationUnclear, Assert.Single(await shop.InboxAsync()).Reason);
    }

    [Fact]
    public async Task A_used_timestamp_is_refused_for_any_other_body_until_a_person_replays_it()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1");
        shop.Collect("bill-2");
        await shop.PostAsync(shop.Charge("bill-1"));

        Assert.Equal("fail", await shop.PostAsync(shop.Charge("bill-2")));
        Assert.Equal("fail", await shop.PostAsync(shop.Registration("sub-9")));

        Assert.Single(await shop.ChargesAsync());
        Assert.DoesNotContain(await shop.SubscriptionsAsync(), row => row.ChannelSubscriptionId == "sub-9");
        Assert.Equal([RejectionReasons.TimestampReused, RejectionReasons.TimestampReused], await shop.RejectedAsync());
        var refused = await shop.Portal.ReadAsync(db => db.RejectedCaptures.OrderBy(row => row.Id).Select(row => row.Id).FirstAsync());
        var rehearsed = await shop.ReplayAsync(refused, dryRun: true);
        Assert.Equal(CallbackStatus.Applied, rehearsed?.Outcome);
        Assert.Contains(rehearsed?.Changes ?? [], change => change is { Entity: "charge", Key: "bill-2", Field: "Status", After: "Succeeded" });
        Assert.Single(await shop.ChargesAsync());
        Assert.Equal(CallbackStatus.Applied, (await shop.ReplayAsync(refused, dryRun: false))?.Outcome);
        Assert.Equal(2, (await shop.ChargesAsync()).Count);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Of_many_bodies_at_once_under_one_timestamp_one_is_booked()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        var bodies = Enumerable.Range(1, 8).Select(i => $"bill-{i}").ToList();
        bodies.ForEach(number => shop.Collect(number));

        var answers = await Task.WhenAll(bodies.Select(number => shop.PostAsync(shop.Charge(number))));

        Assert.Single(answers, "success");
        Assert.Single(await shop.ChargesAsync());
        Assert.Equal(7, (await shop.RejectedAsync()).Count);
        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.SubscriptionTimestamps.CountAsync()));
    }

    [Fact]
    public async Task Copies_of_one_charge_at_once_are_booked_once()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1");
        var body = shop.Charge("bill-1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.PostAsync(body)));

        Assert.All(answers, answer => Assert.Equal("success", answer));
        Assert.Single(await shop.ChargesAsync());
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_stale_charge_waits_and_is_booked_once_it_is_confirmed(int seconds)
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1");
        var body = shop.Charge("bill-1", TimeSpan.FromSeconds(seconds));

        Assert.Equal("fail", await shop.PostAsync(body));
        Assert.Equal("fail", await shop.PostAsync(body));

        var waiting = Assert.Single(await shop.InboxAsync());
        Assert.Equal((CallbackStatus.Deferred, DecisionReasons.StaleWaits, 1), (waiting.Status, waiting.Reason, waiting.Repeats));
        Assert.Empty(await shop.ChargesAsync());
        await shop.RetryAsync();
        Assert.Equal((CallbackStatus.Applied, "charged"), ((await shop.InboxAsync())[0].Status, (await shop.InboxAsync())[0].Reason));
        Assert.Single(await shop.ChargesAsync());
        Assert.Equal("success", await shop.PostAsync(body));
        Assert.Single(await shop.ChargesAsync());
    }

    [Fact]
    public async Task A_stale_charge_that_is_not_confirmed_is_refused_and_not_tried_again()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        await shop.PostAsync(shop.Charge("unknown", TimeSpan.FromHours(-3)));

        await shop.RetryAsync();

        var entry = Assert.Single(await shop.InboxAsync());
        Assert.Equal((CallbackStatus.Rejected, RejectionReasons.NotConfirmed, null), (entry.Status, entry.Reason, entry.RetryAt));
        Assert.Empty(await shop.ChargesAsync());
    }

    [Fact]
    public async Task A_stale_registration_goes_to_a_person()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        await shop.PostAsync(shop.Registration(offset: TimeSpan.FromHours(-3)));

        await shop.RetryAsync();

        Assert.Equal((CallbackStatus.Quarantined, DecisionReasons.StaleRegistration), ((await shop.InboxAsync())[0].Status, (await shop.InboxAsync())[0].Reason));
        Assert.Empty(await shop.SubscriptionsAsync());
    }

    [Fact]
    public async Task Whoever_has_seen_one_sign_cannot_fill_the_inbox_with_it()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        for (var i = 0; i < 9; i++)
        {
            await shop.PostAsync(shop.Charge($"forged-{i}", TimeSpan.FromHours(-1)));
        }

        Assert.Equal(5, (await shop.InboxAsync()).Count);
        Assert.Equal(4, (await shop.RejectedAsync()).Count);
    }

    [Fact]
    public async Task A_charge_waits_while_beecloud_cannot_be_asked()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Silence("bill-1");

        Assert.Equal("fail", await shop.PostAsync(shop.Charge("bill-1")));
        Assert.Equal(DecisionReasons.ConfirmationUnclear, Assert.Single(await shop.InboxAsync()).Reason);
        shop.Collect("bill-1");
        await shop.RetryAsync();

        Assert.Equal(SubscriptionChargeStatus.Succeeded, Assert.Single(await shop.ChargesAsync()).Status);
    }

    [Fact]
    public async Task A_failed_charge_is_recorded_with_its_reason_and_may_succeed_later()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1", paid: false);
        Assert.Equal("success", await shop.PostAsync(shop.Charge("bill-1", succeeded: false, detail: """{"err_msg":"余额不足"}""")));
        var failed = Assert.Single(await shop.ChargesAsync());
        Assert.Equal((SubscriptionChargeStatus.Failed, "余额不足", null), (failed.Status, failed.FailureReason, failed.SubscriptionId));

        shop.Time.Advance(TimeSpan.FromMinutes(1));
        shop.Collect("bill-1");
        Assert.Equal("success", await shop.PostAsync(shop.Charge("bill-1")));

        var charge = Assert.Single(await shop.ChargesAsync());
        Assert.Equal((SubscriptionChargeStatus.Succeeded, null, 2_900), (charge.Status, charge.FailureReason, charge.Amount));
        Assert.NotNull(charge.SubscriptionId);
    }

    [Fact]
    public async Task A_forged_sign_is_refused()
    {
        await using var shop = await SubscriptionShop.OpenAsync(provider);
        shop.Collect("bill-1");
        var body = shop.Charge("bill-1").Replace("\"timestamp\":1", "\"timestamp\":2", StringComparison.Ordinal);

        Assert.Equal("fail", await shop.PostAsync(body));
        Assert.Equal([RejectionReasons.SignatureInvalid], await shop.RejectedAsync());
    }
}
