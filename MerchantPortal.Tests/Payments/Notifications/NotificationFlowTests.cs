using System.Net;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>From bytes on the wire to rows, on both databases.</summary>
public abstract class NotificationFlowTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : NotificationFlowTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : NotificationFlowTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_hundred_identical_messages_at_once_pay_once_and_are_all_acknowledged()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fixture.PostAsync(message)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "ok"), answer));
        await AssertPaidOnceAsync(fixture);
        var inbox = await fixture.InboxAsync();
        Assert.Single(inbox, entry => entry.Status == CallbackStatus.Applied);
        Assert.Equal(99, inbox.Where(entry => entry.Status == CallbackStatus.Duplicate).Sum(entry => 1 + entry.Repeats));
        Assert.Equal(100, inbox.Sum(entry => 1 + entry.Repeats));
    }

    [Fact]
    public async Task A_hundred_messages_of_one_transaction_with_ids_of_their_own_pay_once()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => fixture.PostAsync(message with { Id = $"message-{number}" })));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "ok"), answer));
        await AssertPaidOnceAsync(fixture);
        var inbox = await fixture.InboxAsync();
        Assert.Equal(100, inbox.Count);
        Assert.Single(inbox, entry => entry.Status == CallbackStatus.Applied);
        Assert.Equal(99, inbox.Count(entry => entry.Status == CallbackStatus.Duplicate));
    }

    [Fact]
    public async Task Identical_duplicates_beyond_twenty_are_answered_and_only_counted()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();

        for (var i = 0; i < 31; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(message)).Status);
        }

        var inbox = await fixture.InboxAsync();
        Assert.Equal(21, inbox.Count);
        Assert.Equal(10, inbox.Sum(entry => entry.Repeats));
        Assert.Equal(10, inbox.Where(entry => entry.Status == CallbackStatus.Duplicate).MaxBy(entry => entry.Id)?.Repeats);
        Assert.Equal(21, await fixture.Portal.ReadAsync(db => db.CaptureAttempts.CountAsync()));
    }

    [Fact]
    public async Task A_message_for_an_unknown_order_is_not_acknowledged_and_is_applied_as_soon_as_the_order_exists()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var order = await fixture.PlaceAsync();
        var message = new FakeMessage(NotificationKind.PaymentSucceeded, "M1LATE", "T1", order.Amount);

        Assert.Equal(HttpStatusCode.InternalServerError, (await fixture.PostAsync(message)).Status);
        var deferred = Assert.Single(await fixture.InboxAsync());
        Assert.Equal((CallbackStatus.Deferred, DecisionReasons.UnknownOrder), (deferred.Status, deferred.Reason));
        Assert.NotNull(deferred.RetryAt);

        await fixture.Portal.WriteAsync(db => db.Attempts.Add(AttemptOf(order, fixture, "M1LATE")));
        await fixture.RetryDueAsync();

        Assert.Equal(OrderStatus.Paid, (await fixture.OrderAsync()).Status);
        var applied = Assert.Single(await fixture.InboxAsync());
        Assert.Equal((CallbackStatus.Applied, (DateTimeOffset?)null), (applied.Status, applied.RetryAt));
    }

    [Fact]
    public async Task An_unknown_order_that_never_comes_waits_for_a_person_after_the_last_retry()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await fixture.PostAsync(new FakeMessage(NotificationKind.PaymentSucceeded, "M1NEVER", "T1", 100));

        await ExhaustRetriesAsync(fixture);

        var dead = Assert.Single(await fixture.InboxAsync());
        Assert.Equal((CallbackStatus.Quarantined, DecisionReasons.UnknownOrder, (DateTimeOffset?)null), (dead.Status, dead.Reason, dead.RetryAt));
        Assert.Equal(10, dead.Attempts);
    }

    [Fact]
    public async Task An_entry_whose_handler_fails_neither_blocks_the_others_nor_is_tried_without_end()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var broken = await fixture.PromptedAsync();
        var order = await fixture.PlaceAsync();
        await fixture.BreakPaymentsAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, (await fixture.PostAsync(broken)).Status);
        await fixture.PostAsync(new FakeMessage(NotificationKind.PaymentClosed, "M1OTHER", null, order.Amount));
        await fixture.Portal.WriteAsync(db => db.Attempts.Add(AttemptOf(order, fixture, "M1OTHER")));

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.RetryDueAsync();
        await fixture.RetryDueAsync();

        var failing = Assert.Single(await fixture.InboxAsync(), entry => entry.OutTradeNo == broken.OutTradeNo);
        Assert.Equal((CallbackStatus.Deferred, DecisionReasons.HandlerError, 2), (failing.Status, failing.Reason, failing.Attempts));
        Assert.Equal(fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(2), failing.RetryAt);
        Assert.Single(await fixture.InboxAsync(), entry => entry is { OutTradeNo: "M1OTHER", Status: CallbackStatus.Applied });

        await ExhaustRetriesAsync(fixture);
        failing = Assert.Single(await fixture.InboxAsync(), entry => entry.OutTradeNo == broken.OutTradeNo);
        Assert.Equal((CallbackStatus.Quarantined, DecisionReasons.HandlerError, (DateTimeOffset?)null), (failing.Status, failing.Reason, failing.RetryAt));

        await fixture.MendPaymentsAsync();
        Assert.Equal(CallbackStatus.Applied, (await fixture.ReplayAsync(failing.Id))?.Outcome);
    }

    [Fact]
    public async Task A_commit_that_fails_is_not_acknowledged_and_the_next_copy_pays()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        await fixture.ExecuteAsync(
            """
            CREATE TABLE "Doom" ("Id" INTEGER REFERENCES "Nowhere" ("Id") DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE "Nowhere" ("Id" INTEGER PRIMARY KEY);
            CREATE TRIGGER "Doomed" AFTER INSERT ON "Inbox" BEGIN INSERT INTO "Doom" VALUES (1); END;
            """,
            """
            CREATE FUNCTION doomed() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'commit'; END $$ LANGUAGE plpgsql;
            CREATE CONSTRAINT TRIGGER "Doomed" AFTER INSERT ON "Inbox" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION doomed();
            """);

        var (status, body) = await fixture.PostAsync(message);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), (status, body));
        Assert.Empty(await fixture.InboxAsync());
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);

        await fixture.ExecuteAsync("""DROP TRIGGER "Doomed";""", """DROP TRIGGER "Doomed" ON "Inbox";""");
        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(message)).Status);
        await AssertPaidOnceAsync(fixture);
    }

    private static async Task ExhaustRetriesAsync(NotificationFixture fixture)
    {
        for (var i = 0; i < 12; i++)
        {
            fixture.Time.Advance(TimeSpan.FromHours(25));
            await fixture.RetryDueAsync();
        }
    }

    private static async Task AssertPaidOnceAsync(NotificationFixture fixture)
    {
        var order = await fixture.OrderAsync();
        Assert.Equal((OrderStatus.Paid, order.Amount, OrderFlags.None), (order.Status, order.PaidAmount, order.Flags));
        Assert.Equal(1, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
    }

    private static PaymentAttempt AttemptOf(Order order, NotificationFixture fixture, string outTradeNo) => new()
    {
        StoreId = order.StoreId,
        OrderId = order.Id,
        ChannelAccountId = fixture.Account.Id,
        Method = MerchantPortal.Payments.Channels.PaymentMethod.Native,
        OutTradeNo = outTradeNo,
        Amount = order.Amount,
        Status = AttemptStatus.Prompted,
        CreatedAt = order.CreatedAt,
        ExpiresAt = order.ExpiresAt,
    };
}
