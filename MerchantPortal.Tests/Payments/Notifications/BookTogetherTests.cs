using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Text.RegularExpressions;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MerchantPortal.Tests.Payments.Notifications.Bookings;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Payments that wait together are booked exactly as they would be one by one.</summary>
public abstract partial class BookTogetherTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : BookTogetherTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : BookTogetherTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task Every_column_of_every_row_is_the_same_either_way()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var together = await ArrivalAsync(fixture, await fixture.PromptedAsync());
        var alone = await ArrivalAsync(fixture, await fixture.PromptedAsync());

        var booked = await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookTogetherAsync(db, [together], ct), CancellationToken.None);
        await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookAloneAsync(fixture, db, alone, ct), CancellationToken.None);

        Assert.Single(booked);
        Assert.Equal(await RowsAsync(fixture, alone), await RowsAsync(fixture, together));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Two_messages_of_one_order_in_one_batch_book_it_once_and_leave_the_second_to_come_after()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        Arrival[] both = [await ArrivalAsync(fixture, message), await ArrivalAsync(fixture, message with { Id = "2", TransactionId = "T-OTHER" })];

        var booked = await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookTogetherAsync(db, both, ct), CancellationToken.None);

        Assert.Same(both[0], Assert.Single(booked));
        Assert.Single(await fixture.InboxAsync());
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Payments_of_several_stores_are_booked_in_one_commit_each_in_its_own_books()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var other = await fixture.AddStoreAsync();
        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(await fixture.PromptedAsync())).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.PostAsync(await other.PromptedAsync())).Status);
        Arrival[] arrivals = [await PromptedAsync(other), await PromptedAsync(fixture), await PromptedAsync(other)];
        using var commits = new CommitCounter(fixture.Portal);

        var booked = await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookTogetherAsync(db, arrivals, ct), CancellationToken.None);

        Assert.Equal(arrivals, booked);
        Assert.Equal(1, commits.Count);
        foreach (var (shop, payments) in ((NotificationFixture Shop, int Payments)[])[(fixture, 2), (other, 3)])
        {
            var store = await fixture.Portal.ReadAsync(db => db.Stores.SingleAsync(row => row.Id == shop.Store.Id));
            var feed = await fixture.Portal.ReadAsync(db => db.Feed.Where(row => row.StoreId == store.Id).OrderBy(row => row.Number).Select(row => row.Number).ToListAsync());
            Assert.Equal(Enumerable.Range(1, (int)store.LastFeedNumber).Select(number => (long)number), feed);
            Assert.Equal(payments, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync(row => row.StoreId == store.Id && row.ChannelAccountId == shop.Account.Id)));
            Assert.Equal(payments * 2, await fixture.Portal.ReadAsync(db => db.LedgerEntries.CountAsync(row => row.StoreId == store.Id)));
        }

        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Repeats_of_a_booked_payment_leave_their_neighbours_in_the_batch()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var old = await fixture.PromptedAsync();
        await fixture.PostAsync(old);
        var neighbour = await ArrivalAsync(fixture, await fixture.PromptedAsync());
        Arrival[] batch = [await ArrivalAsync(fixture, old), neighbour, await ArrivalAsync(fixture, old with { Id = "again" })];

        var booked = await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookTogetherAsync(db, batch, ct), CancellationToken.None);

        Assert.Same(neighbour, Assert.Single(booked));
        Assert.Equal(2, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task One_that_fails_in_the_database_costs_its_neighbours_nothing()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var messages = new List<FakeMessage>();
        for (var i = 0; i < 12; i++)
        {
            messages.Add(await fixture.PromptedAsync());
        }

        var poison = messages[5].TransactionId;
        await fixture.ExecuteAsync(
            $"""CREATE TRIGGER "Poison" BEFORE INSERT ON "Payments" WHEN NEW."ChannelTransactionId" = '{poison}' BEGIN SELECT RAISE(ABORT, 'broken'); END;""",
            $"""
            CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$ LANGUAGE plpgsql;
            CREATE TRIGGER "Poison" BEFORE INSERT ON "Payments" FOR EACH ROW WHEN (NEW."ChannelTransactionId" = '{poison}') EXECUTE FUNCTION poison();
            """);

        var answers = await Task.WhenAll(messages.Select(message => fixture.PostAsync(message)));

        Assert.Equal(11, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(11, await fixture.Portal.ReadAsync(db => db.Orders.CountAsync(row => row.Status == OrderStatus.Paid)));
        Assert.Equal(DecisionReasons.HandlerError, Assert.Single(await fixture.InboxAsync(), entry => entry.Status == CallbackStatus.Deferred).Reason);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_row_that_somebody_changed_meanwhile_refuses_the_whole_batch()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await fixture.PromptedAsync();
        var stale = await fixture.OrderAsync();
        await fixture.ExecuteAsync("""UPDATE "Orders" SET "Version" = "Version" + 1;""", """UPDATE "Orders" SET "Version" = "Version" + 1;""");

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => fixture.Portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var copy = await db.Orders.AsNoTracking().SingleAsync(ct);
                copy.Version = stale.Version;
                await new StatementBatch(db).Update([copy], [nameof(Order.Id), nameof(Order.Version), nameof(Order.Status)]).RunAsync(ct);
                return true;
            },
            CancellationToken.None));
    }

    /// <summary>Done in the transaction it would be as right, and hold up everyone who wants to write.</summary>
    [Fact]
    public async Task An_arrival_is_decided_on_outside_the_transaction_that_books_it()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        var inTransaction = new ConcurrentQueue<bool>();
        using (await WatchDecisionsAsync(fixture, read => inTransaction.Enqueue(read.Transaction is not null)))
        {
            Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(message)).Status);
        }

        Assert.Equal([false], inTransaction);
    }

    [Fact]
    public async Task What_comes_while_a_batch_waits_for_the_database_is_decided_on_meanwhile()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        FakeMessage[] messages = [await fixture.PromptedAsync(), await fixture.PromptedAsync()];
        var (isHeld, isFree) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holder = fixture.Portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                await OrderJournal.TakeFeedNumbersAsync(db, fixture.Store.Id, 0, ct);
                isHeld.SetResult();
                await isFree.Task;
                return true;
            },
            CancellationToken.None);
        await isHeld.Task;

        using var decided = new SemaphoreSlim(0);
        var answers = new List<Task<(HttpStatusCode Status, string Body)>>();
        using (await WatchDecisionsAsync(fixture, _ => decided.Release()))
        {
            foreach (var message in messages)
            {
                answers.Add(fixture.PostAsync(message));
                Assert.True(await decided.WaitAsync(Patience.Limit));
            }
        }

        isFree.SetResult();
        Assert.True(await holder);
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task What_was_decided_before_somebody_else_wrote_is_decided_again()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        WaitingArrival first = new(await ArrivalAsync(fixture, message));
        WaitingArrival second = new(await ArrivalAsync(fixture, message with { Id = "again" }));
        WaitingArrival neighbour = new(await ArrivalAsync(fixture, await fixture.PromptedAsync()));
        WaitingArrival[][] batches = [[first], [second, neighbour]];
        await DecideAsync(fixture, batches);

        foreach (var batch in batches)
        {
            Assert.True(await new ArrivalBatch(batch).BookAsync(fixture.Portal.Get<PortalWriter>(), fixture.Portal.Get<FeedSignal>()));
        }

        var answers = await Task.WhenAll(first.Booked.Task, second.Booked.Task, neighbour.Booked.Task);
        Assert.Equal([true, false, true], answers);
        Assert.Equal(2, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task An_order_that_is_closed_between_decision_and_write_is_left_to_the_single_way()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        WaitingArrival waiting = new(await ArrivalAsync(fixture, await fixture.PromptedAsync()));
        await DecideAsync(fixture, [waiting]);
        await fixture.Portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var (order, attempt) = (await db.Orders.SingleAsync(ct), await db.Attempts.SingleAsync(ct));
                order.Status = OrderStatus.Closed;
                attempt.End(AttemptStatus.Closed, fixture.Time.GetUtcNow());
                await db.RecordAsync(order, TimelineKind.OrderClosed, Actor.System(fixture.Store.Id), fixture.Time.GetUtcNow(), ct);
                return true;
            },
            CancellationToken.None);

        await new ArrivalBatch([waiting]).BookAsync(fixture.Portal.Get<PortalWriter>(), fixture.Portal.Get<FeedSignal>());

        Assert.False(await waiting.Booked.Task);
        Assert.Empty(await fixture.InboxAsync());
        Assert.Equal(OrderStatus.Closed, (await fixture.OrderAsync()).Status);
        await fixture.Portal.AssertInvariantsAsync();
    }

    /// <summary>Tells of each command that reads what an arrival in this portal is decided on.</summary>
    private static Task<EfCommands> WatchDecisionsAsync(NotificationFixture fixture, Action<DbCommand> told) =>
        EfCommands.OfAsync(fixture.Portal, "\"OutTradeNo\"", told);

    private static Task<bool> DecideAsync(NotificationFixture fixture, params WaitingArrival[][] batches) => fixture.Portal.ReadAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        foreach (var batch in batches)
        {
            Assert.Equal(batch, await WaitingArrival.DecideAsync(db, batch));
        }

        return true;
    });

    /// <summary>All rows that concern the arrival's order, as text, with what is an order's own (ids, numbers, hashes) taken out.</summary>
    private static Task<List<string>> RowsAsync(NotificationFixture fixture, Arrival arrival) => fixture.Portal.ReadAsync(async db =>
    {
        var attempt = await db.Attempts.SingleAsync(row => row.OutTradeNo == arrival.Message.OutTradeNo);
        var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId);
        var payment = await db.Payments.SingleAsync(row => row.OrderId == order.Id);
        var entry = await db.Inbox.SingleAsync(row => row.OrderId == order.Id);
        object[] rows =
        [
            order, attempt, payment, entry, await db.CaptureAttempts.SingleAsync(row => row.CaptureId == entry.Id),
            .. await db.LedgerEntries.Where(row => row.OrderId == order.Id).OrderBy(row => row.Number).ToListAsync(),
            .. await db.Timeline.Where(row => row.OrderId == order.Id).OrderBy(row => row.Id).ToListAsync(),
            .. await db.Feed.Where(row => row.OrderId == order.Id).OrderBy(row => row.Number).ToListAsync(),
        ];
        string[] own = [payment.ChannelTransactionId, attempt.OutTradeNo, order.Number, order.CheckoutToken, arrival.Message.MessageId ?? "-"];
        return rows.SelectMany(row => db.Entry(row).Properties.Where(property => !IsOwn(property.Metadata.Name)).Select(property =>
            $"{row.GetType().Name}.{property.Metadata.Name} = {own.Aggregate(Ids().Replace($"{property.CurrentValue}", "id"), (text, one) => text.Replace(one, "own", StringComparison.Ordinal))}")).ToList();
    });

    private static bool IsOwn(string property) => property is "Number" or "Hash" or "BodyHash" or "Body" or "HeadersJson" or "PromptJson";

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
