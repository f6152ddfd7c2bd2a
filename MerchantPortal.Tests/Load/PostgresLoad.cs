using System.Diagnostics;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R17, R18, on a PostgreSQL server of its own that syncs as it does by itself: what booking together saves against a transaction for each
/// message that writes the same rows, and what the live feed costs the notifications.
/// </summary>
[Trait("Category", "Load")]
public sealed class PostgresLoad
{
    private const int RoundCount = 9;

    /// <summary>What the feed costs is less than what two rounds differ by.</summary>
    private const int FeedRoundCount = 21;
    private const int Present = 10_000;

    /// <summary>Without HTTP, a round.</summary>
    private const int PerRound = 1_000;
    private const int Clients = 32;
    private const int Followers = 20;

    private readonly LoadReport _report = new();

    [Fact]
    public async Task Postgres()
    {
        using var cluster = PostgresCluster.StartOwn();
        using var platform = new WeChatPlatform();
        using var client = LoadClient.Create();
        // Two instances and two stores, but one database, so that neither side has another's vacuum and checkpoints.
        var database = $"{await cluster.AddDatabaseAsync()};Maximum Pool Size=40";
        await using var on = await OpenAsync(database, hasFeed: true);
        await using var off = await OpenAsync(database, hasFeed: false);
        var (live, quiet) = (await StormShop.CreateAsync(on, platform, Present), await StormShop.CreateAsync(off, platform, Present));
        await using var other = await NaiveShop.StartAsync(platform, live.Orders, NaiveKind.Plain);
        var control = other.Fixed(client, "verify");
        await TogetherAsync(new Rounds(RoundCount, () => control.ThroughputAsync(64)), off, quiet);
        await FeedAsync(new Rounds(FeedRoundCount, () => control.ThroughputAsync(64)), (on, live), quiet, client);
        await live.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await quiet.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await on.AssertInvariantsAsync();
        await _report.SaveAsync();
    }

    /// <summary>R17: from the proven message to the commit, without HTTP, so that nothing but the writing differs.</summary>
    private async Task TogetherAsync(Rounds rounds, PortalFactory portal, StormShop shop)
    {
        var account = await portal.Get<PaymentChannels>().FindAsync(shop.AccountId, CancellationToken.None) ?? throw new InvalidOperationException();
        var table = await rounds.RunAsync(
            ("together", async () => await PerSecondAsync(await shop.SignNextAsync(PerRound), raw => TakeTogetherAsync(portal, account, raw))),
            ("alone", async () => await PerSecondAsync(await shop.SignNextAsync(PerRound), raw => TakeAloneAsync(portal, account, raw))));
        _report.Line($"PostgreSQL, {Clients} clients: booked together {table.Median("together"):0}/s, a transaction each {table.Median("alone"):0}/s");
        _report.Ratio("R17", table, "together", "alone", isAtLeast: true, 1.5);
    }

    /// <summary>R18: with pages that follow the store, and the relay that tells other instances, beside neither.</summary>
    private async Task FeedAsync(Rounds rounds, (PortalFactory Portal, StormShop Shop) live, StormShop quiet, HttpClient client)
    {
        var (storeId, ofLive, ofQuiet) = (live.Shop.StoreId, live.Shop.Side(client), quiet.Side(client));
        var total = new TaskCompletionSource<int>();
        var last = await live.Portal.Get<OrderFeed>().LastNumberAsync(storeId, CancellationToken.None);
        var following = Enumerable.Range(0, Followers).Select(_ => FollowAsync(live.Portal.Get<OrderFeed>(), storeId, last, total.Task)).ToList();
        var table = await rounds.RunAsync(
            ("on", () => ofLive.ThroughputAsync(64)),
            ("off", () => ofQuiet.ThroughputAsync(64)));
        // The last one finds each follower waiting, and knowing what to wait for.
        var newest = Assert.Single(await ofLive.NextAsync(1));
        total.SetResult((int)(await live.Portal.Get<OrderFeed>().LastNumberAsync(storeId, CancellationToken.None) - last) + 1);
        (await client.SendAsync(newest())).EnsureSuccessStatusCode();
        await Task.WhenAll(following).WaitAsync(Patience.Limit);
        _report.Line($"PostgreSQL, 64 in flight: {table.Median("on"):0}/s with {Followers} followers and the relay, {table.Median("off"):0}/s with neither");
        _report.Ratio("R18", table, "on", "off", isAtLeast: true, 0.9);
    }

    /// <summary>Ends when it has been told of everything, and of nothing twice.</summary>
    /// <param name="total">Known before the last is sent.</param>
    private static async Task FollowAsync(OrderFeed feed, Guid storeId, long last, Task<int> total)
    {
        var seen = 0;
        await using var batches = feed.FollowAsync(storeId, last, CancellationToken.None).GetAsyncEnumerator();
        while (!total.IsCompleted || seen < await total)
        {
            Assert.True(await batches.MoveNextAsync());
            seen += batches.Current.Count;
        }

        Assert.Equal(await total, seen);
    }

    private static async Task<double> PerSecondAsync(IReadOnlyList<SignedNotification> signed, Func<SignedNotification, Task<CallbackStatus>> take)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) < signed.Count)
            {
                Assert.Equal(CallbackStatus.Applied, await take(signed[index]));
            }
        })));
        return signed.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<CallbackStatus> TakeTogetherAsync(PortalFactory portal, OpenAccount account, SignedNotification signed) =>
        portal.Get<NotificationProcessor>().ReceiveAsync(account, Captured(account, signed), CancellationToken.None);

    /// <summary>What the product does with a message that cannot be booked together with others.</summary>
    private static async Task<CallbackStatus> TakeAloneAsync(PortalFactory portal, OpenAccount account, SignedNotification signed)
    {
        var raw = Captured(account, signed);
        var proof = Assert.IsType<Proof.Genuine>(await portal.Get<ProveNotification>().ExecuteAsync(account, raw, confirmedAt: null, isArrival: true, CancellationToken.None));
        var by = new AttemptBy(Actor.Gateway(account.Account.StoreId, account.Account.Id, account.Account.Channel), null, raw.ReceivedAt);
        return await portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var entry = db.Inbox.Add(CaptureStore.NewInboxEntry(raw, account.Account)).Entity;
                var verdict = await portal.Get<BookNotification>().ExecuteAsync(db, entry, account, proof, by, ct);
                CaptureStore.AddAttempt(db, entry, verdict, by);
                return verdict.Outcome;
            },
            CancellationToken.None);
    }

    private static RawNotification Captured(OpenAccount account, SignedNotification signed) => new(
        account.Account.Id, account.Account.Channel, "POST", "/", "",
        signed.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value, StringComparer.Ordinal),
        signed.Body, TimeProvider.System.GetUtcNow(), "127.0.0.1");

    private static Task<PortalFactory> OpenAsync(string database, bool hasFeed) => PortalFactory.StartAsync(configure: factory =>
    {
        factory.Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database);
        if (!hasFeed)
        {
            factory.ConfigureServices(services => services.Remove(services.Single(service => service.ImplementationType == typeof(PostgresFeedRelay))));
        }
    });
}
