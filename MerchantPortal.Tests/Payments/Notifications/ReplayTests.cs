using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Replays of stored bytes, alone and in bulk, on both databases.</summary>
public abstract class ReplayTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : ReplayTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : ReplayTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_dry_run_writes_nothing_and_the_real_replay_does_what_it_foretold()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var id = await DeferredOfKnownOrderAsync(fixture);
        var before = await ChecksumAsync(fixture);

        var foretold = await fixture.ReplayAsync(id, dryRun: true);

        Assert.Equal(before, await ChecksumAsync(fixture));
        Assert.Equal(CallbackStatus.Applied, foretold?.Outcome);
        var happened = await fixture.ReplayAsync(id);
        Assert.Equal((foretold?.Outcome, foretold?.Reason), (happened?.Outcome, happened?.Reason));
        Assert.Equal(foretold?.Changes, happened?.Changes);
        Assert.NotEqual(before, await ChecksumAsync(fixture));
        Assert.Equal(OrderStatus.Paid, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task A_replay_keeps_the_capture_and_names_person_reason_and_changes()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var id = await DeferredOfKnownOrderAsync(fixture);
        var before = Assert.Single(await fixture.InboxAsync());

        await fixture.ReplayAsync(id);

        var after = Assert.Single(await fixture.InboxAsync());
        Assert.Equal(before.Body, after.Body);
        Assert.Equal((before.ReceivedAt, before.HeadersJson.ToString()), (after.ReceivedAt, after.HeadersJson.ToString()));
        var attempts = await fixture.AttemptsAsync(id);
        Assert.Equal([null, "checked by hand"], attempts.Select(attempt => attempt.ReplayReason));
        Assert.Equal("Li Wei", attempts[1].ActorName);
        Assert.Contains("\"entity\":\"payment\"", attempts[1].ChangesJson.ToString(), StringComparison.Ordinal);
        Assert.Contains(TimelineKind.CallbackReplayed, await fixture.Portal.ReadAsync(db => db.Timeline.Select(entry => entry.Kind).ToListAsync()));
    }

    [Fact]
    public async Task What_was_applied_stays_applied_when_it_is_replayed()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await fixture.PostAsync(await fixture.PromptedAsync());
        var id = Assert.Single(await fixture.InboxAsync()).Id;

        Assert.Equal(CallbackStatus.Duplicate, (await fixture.ReplayAsync(id))?.Outcome);

        Assert.Equal((CallbackStatus.Applied, 2), (await fixture.InboxAsync()).Select(entry => (entry.Status, entry.Attempts)).Single());
        Assert.Equal(1, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
    }

    [Fact]
    public async Task A_forged_capture_stays_rejected_however_often_it_is_replayed()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await fixture.PostAsync(await fixture.PromptedAsync(), key: "forger");
        var id = await fixture.Portal.ReadAsync(db => db.RejectedCaptures.Select(row => row.Id).SingleAsync());

        Assert.Equal(CallbackStatus.Rejected, (await fixture.ReplayAsync(id, dryRun: true))?.Outcome);
        Assert.Equal(CallbackStatus.Rejected, (await fixture.ReplayAsync(id))?.Outcome);

        Assert.Empty(await fixture.InboxAsync());
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task Another_store_cannot_replay_a_callback()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var id = await DeferredOfKnownOrderAsync(fixture);

        Assert.Null(await fixture.Portal.Get<ReplayNotification>().ExecuteAsync(
            id, dryRun: false, "mine?", fixture.Staff with { StoreId = Guid.NewGuid() }, CancellationToken.None));
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task A_bulk_replay_foretells_repeats_and_replays_each_once()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await DeferredOfKnownOrderAsync(fixture, copies: 3);
        var job = fixture.Portal.Get<BulkReplay>().Preview(new NotificationFilter { Tab = NotificationTab.Deferred }, fixture.Staff);
        var runner = fixture.Portal.Get<BulkReplayRunner>();
        await runner.StepAsync(job, CancellationToken.None);

        Assert.Equal((BulkReplayState.Ready, 3), (job.State, job.Matching));
        Assert.Equal([CallbackStatus.Applied, CallbackStatus.Duplicate, CallbackStatus.Duplicate], job.Rows.Select(row => row.Predicted?.Status));
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);

        Assert.False(fixture.Portal.Get<BulkReplay>().TryStart(job, " "));
        Assert.True(fixture.Portal.Get<BulkReplay>().TryStart(job, "key mended"));
        await RunAsync(fixture, runner, job);

        Assert.Equal(BulkReplayState.Completed, job.State);
        Assert.All(job.Rows, row => Assert.Equal(row.Predicted, row.Result));
        Assert.Equal(1, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
        Assert.False(fixture.Portal.Get<BulkReplay>().TryStart(job, "again"));
    }

    [Fact]
    public async Task A_bulk_replay_stops_by_itself_when_an_outcome_differs_from_its_dry_run()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await DeferredOfKnownOrderAsync(fixture, copies: 2);
        var job = fixture.Portal.Get<BulkReplay>().Preview(new NotificationFilter { Tab = NotificationTab.Deferred }, fixture.Staff);
        var runner = fixture.Portal.Get<BulkReplayRunner>();
        await runner.StepAsync(job, CancellationToken.None);
        await fixture.BreakPaymentsAsync();
        fixture.Portal.Get<BulkReplay>().TryStart(job, "try");

        await RunAsync(fixture, runner, job);

        Assert.Equal((BulkReplayState.Stopped, 1), (job.State, job.Done));
        Assert.Equal(DecisionReasons.HandlerError, job.Rows[0].Result?.Reason);
        Assert.Null(job.Rows[1].Result);
    }

    [Fact]
    public async Task A_cancelled_bulk_replay_does_nothing_more()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        await DeferredOfKnownOrderAsync(fixture);
        var bulk = fixture.Portal.Get<BulkReplay>();
        var job = bulk.Preview(new NotificationFilter { Tab = NotificationTab.Deferred }, fixture.Staff);
        var runner = fixture.Portal.Get<BulkReplayRunner>();
        await runner.StepAsync(job, CancellationToken.None);
        bulk.TryStart(job, "try");
        bulk.Cancel(job);

        await runner.StepAsync(job, CancellationToken.None);

        Assert.Equal((BulkReplayState.Cancelled, 0), (job.State, job.Done));
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    /// <summary>The clock is moved until the throttled run is over.</summary>
    private static async Task RunAsync(NotificationFixture fixture, BulkReplayRunner runner, BulkReplayJob job)
    {
        var run = runner.StepAsync(job, CancellationToken.None);
        while (!run.IsCompleted)
        {
            // Five times as fast as the wall's clock, no faster: the writer would take a moment of work for seconds of waiting, and give up.
            fixture.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        await run;
    }

    /// <summary>Messages that came before their order's attempt; it is here now.</summary>
    private static async Task<Guid> DeferredOfKnownOrderAsync(NotificationFixture fixture, int copies = 1)
    {
        var order = await fixture.PlaceAsync();
        var message = new FakeMessage(NotificationKind.PaymentSucceeded, "M1EARLY", "T1", order.Amount) { OccurredAt = fixture.Time.GetUtcNow() };
        for (var i = 0; i < copies; i++)
        {
            await fixture.PostAsync(message);
        }

        await fixture.Portal.WriteAsync(db => db.Attempts.Add(new PaymentAttempt
        {
            StoreId = order.StoreId,
            OrderId = order.Id,
            ChannelAccountId = fixture.Account.Id,
            Method = PaymentMethod.Native,
            OutTradeNo = "M1EARLY",
            Amount = order.Amount,
            Status = AttemptStatus.Prompted,
            CreatedAt = order.CreatedAt,
            ExpiresAt = order.ExpiresAt,
        }));
        return (await fixture.InboxAsync())[0].Id;
    }

    /// <summary>Of every table that the model knows, every column.</summary>
    private static Task<string> ChecksumAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(async db =>
    {
        var text = new StringBuilder();
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            var rows = new List<string>();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                    .Select(column => reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(column)}")));
            }

            text.Append(table).AppendJoin('\n', rows.Order(StringComparer.Ordinal));
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    });
}
