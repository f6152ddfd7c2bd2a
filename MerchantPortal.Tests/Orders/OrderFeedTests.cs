using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Npgsql;

namespace MerchantPortal.Tests.Orders;

public sealed class OrderFeedTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_follower_gets_every_number_once_and_in_order_while_many_write(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var store = await AddStoreAsync(portal);
        using var enough = new CancellationTokenSource(Patience.Limit);
        var early = CollectAsync(portal, store, afterNumber: 0, upTo: 120, enough.Token);

        var writing = Parallel.ForEachAsync(Enumerable.Range(0, 120), async (_, ct) => await PlaceAsync(portal, store, ct));
        var late = CollectAsync(portal, store, afterNumber: 30, upTo: 120, enough.Token);
        await writing;

        Assert.Equal(Numbers(1, 120), await early);
        Assert.Equal(Numbers(31, 120), await late);
    }

    [Fact]
    public async Task A_follower_that_was_too_slow_for_its_buffer_still_misses_nothing()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = await AddStoreAsync(portal);
        using var enough = new CancellationTokenSource(Patience.Limit);
        await PlaceAsync(portal, store);

        await using var following = portal.Get<OrderFeed>().FollowAsync(store, 0, enough.Token).GetAsyncEnumerator(enough.Token);
        await following.MoveNextAsync();
        var seen = following.Current.Select(entry => entry.Number).ToList();
        // More pushes than a subscription keeps, each a batch of its own, while nobody takes any.
        for (var i = 0; i < 90; i++)
        {
            await PlaceAsync(portal, store);
        }

        while (seen[^1] < 91 && await following.MoveNextAsync())
        {
            seen.AddRange(following.Current.Select(entry => entry.Number));
        }

        Assert.Equal(Numbers(1, 91), seen);
    }

    [Fact]
    public async Task All_followers_of_a_store_share_one_reader_which_stops_with_the_last_of_them()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = await AddStoreAsync(portal);
        await PlaceAsync(portal, store);
        var feed = portal.Get<OrderFeed>();
        using var enough = new CancellationTokenSource(Patience.Limit);
        var followers = Enumerable.Range(0, 5).Select(_ => feed.FollowAsync(store, 0, enough.Token).GetAsyncEnumerator(enough.Token)).ToList();
        foreach (var follower in followers)
        {
            Assert.True(await follower.MoveNextAsync());
        }

        Assert.Equal(1, feed.Readers);
        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }

        Assert.Equal(0, feed.Readers);
    }

    [Fact]
    public async Task A_change_is_read_once_however_many_follow()
    {
        const int Changes = 20;
        await using var portal = await PortalFactory.StartAsync();
        var store = await AddStoreAsync(portal);
        using var enough = new CancellationTokenSource(Patience.Limit);
        var reads = 0;
        using var commands = await EfCommands.OfAsync(portal, "FROM \"Feed\"", _ => Interlocked.Increment(ref reads));
        var followers = Enumerable.Range(0, 5).Select(_ => portal.Get<OrderFeed>().FollowAsync(store, 0, enough.Token).GetAsyncEnumerator(enough.Token)).ToList();
        for (var change = 1; change <= Changes; change++)
        {
            var moving = followers.ConvertAll(follower => follower.MoveNextAsync().AsTask());
            await PlaceAsync(portal, store);
            Assert.All(await Task.WhenAll(moving), Assert.True);
            Assert.All(followers, follower => Assert.Equal(change, Assert.Single(follower.Current).Number));
        }

        // Besides, each follower catches up once, and the reader looks once before the first change.
        Assert.InRange(reads, Changes, Changes + followers.Count + 2);
        await Task.WhenAll(followers.Select(follower => follower.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_follower_sees_its_own_store_only()
    {
        await using var portal = await PortalFactory.StartAsync();
        var (mine, theirs) = (await AddStoreAsync(portal), await AddStoreAsync(portal));
        using var enough = new CancellationTokenSource(Patience.Limit);
        await PlaceAsync(portal, theirs);
        await PlaceAsync(portal, mine);

        var entries = await portal.Get<OrderFeed>().ReadAfterAsync(mine, 0, 10, enough.Token);

        Assert.Equal(mine, Assert.Single(entries).StoreId);
    }

    [Fact]
    public async Task Waiting_ends_at_the_next_change_or_at_once_when_it_is_there_already()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = await AddStoreAsync(portal);
        using var enough = new CancellationTokenSource(Patience.Limit);
        var waiting = portal.Get<OrderFeed>().WaitAsync(store, 0, enough.Token);
        Assert.False(waiting.IsCompleted);

        await PlaceAsync(portal, store);

        await waiting;
        await portal.Get<OrderFeed>().WaitAsync(store, 0, enough.Token);
    }

    [Fact]
    public async Task A_change_that_another_instance_commits_reaches_the_followers_here()
    {
        // On a clock that stands still the reader's own look every five seconds never comes: it is the signal that arrives.
        await using var here = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql, portal => portal.WithClock(new FakeTimeProvider()));
        await using var there = await PortalFactory.StartAsync(configure: portal => portal
            .Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", here.Get<PortalContexts>().ConnectionString));
        var store = await AddStoreAsync(here);
        using var enough = new CancellationTokenSource(Patience.Limit);
        var following = CollectAsync(here, store, afterNumber: 0, upTo: 3, enough.Token);

        for (var i = 0; i < 3; i++)
        {
            await PlaceAsync(there, store);
        }

        Assert.Equal(Numbers(1, 3), await following);
    }

    [Fact]
    public async Task What_this_instance_tells_the_others_it_does_not_read_for_itself()
    {
        const int Changes = 10;
        await using var here = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql);
        var database = here.Get<PortalContexts>().ConnectionString;
        await using var there = await PortalFactory.StartAsync(configure: portal => portal.Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database));
        var store = await AddStoreAsync(here);
        using var enough = new CancellationTokenSource(Patience.Limit);
        await using var others = new NpgsqlConnection(database);
        await others.OpenAsync(enough.Token);
        await using (var listen = new NpgsqlCommand("LISTEN portal_feed", others))
        {
            await listen.ExecuteNonQueryAsync(enough.Token);
        }

        var reads = 0;
        using var commands = await EfCommands.OfAsync(here, "FROM \"Feed\"", _ => Interlocked.Increment(ref reads));
        await using var following = here.Get<OrderFeed>().FollowAsync(store, 0, enough.Token).GetAsyncEnumerator(enough.Token);
        for (var change = 1; change <= Changes + 1; change++)
        {
            var moving = following.MoveNextAsync();
            // The last one comes from elsewhere: what had been said before it has then been heard.
            await PlaceAsync(change > Changes ? there : here, store);
            Assert.True(await moving);
            await others.WaitAsync(enough.Token);
        }

        Assert.InRange(reads, Changes, Changes + 5);
    }

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);

    private static async Task<List<long>> CollectAsync(PortalFactory portal, Guid store, long afterNumber, long upTo, CancellationToken cancellationToken)
    {
        var numbers = new List<long>();
        await foreach (var batch in portal.Get<OrderFeed>().FollowAsync(store, afterNumber, cancellationToken))
        {
            numbers.AddRange(batch.Select(entry => entry.Number));
            if (numbers[^1] >= upTo)
            {
                break;
            }
        }

        return numbers;
    }

    private static async Task<Guid> AddStoreAsync(PortalFactory portal)
    {
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return store.Id;
    }

    private static Task<PlaceOrderResult> PlaceAsync(PortalFactory portal, Guid storeId, CancellationToken cancellationToken = default) =>
        portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [], Amount: 1, Subject: "茶"), Actor.System(storeId), cancellationToken);
}
