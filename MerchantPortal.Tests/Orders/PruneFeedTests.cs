using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Api;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Orders;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders;

public sealed class PruneFeedTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Old_rows_go_young_ones_stay_and_the_numbers_keep_their_order(DatabaseProvider provider)
    {
        var clock = new FakeTimeProvider();
        await using var shop = await OrderShop.OpenAsync(provider, factory => factory.WithClock(clock));
        var order = await PlaceAsync(shop, clock);
        await FillAsync(shop, order, clock.GetUtcNow() - PruneFeed.Kept - TimeSpan.FromHours(1), 2_500);
        await FillAsync(shop, order, clock.GetUtcNow() - (PruneFeed.Kept / 2), 1_200);

        var deleted = await shop.Portal.Get<PruneFeed>().ExecuteAsync(CancellationToken.None);

        Assert.Equal(2_500, deleted);
        Assert.Equal(2_501, await shop.Portal.Get<OrderFeed>().OldestNumberAsync(shop.StoreId, CancellationToken.None));
        Assert.Equal(0, await shop.Portal.Get<PruneFeed>().ExecuteAsync(CancellationToken.None));
        var verdicts = await shop.Portal.Get<InvariantCheck>().RunAsync(CancellationToken.None);
        Assert.All(verdicts.Where(verdict => verdict.Id == "I7"), verdict => Assert.True(verdict.Holds, verdict.ToString()));
    }

    [Fact]
    public async Task A_quiet_store_keeps_its_newest_rows_however_old()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await OrderShop.OpenAsync(configure: factory => factory.WithClock(clock));
        await FillAsync(shop, await PlaceAsync(shop, clock), clock.GetUtcNow() - (PruneFeed.Kept * 3), PruneFeed.KeptRows + 200);

        await shop.Portal.Get<PruneFeed>().ExecuteAsync(CancellationToken.None);

        Assert.Equal(PruneFeed.KeptRows, await shop.Portal.ReadAsync(db => db.Feed.CountAsync()));
    }

    [Fact]
    public async Task Who_was_away_longer_than_the_feed_is_kept_is_told_to_read_anew()
    {
        var clock = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(clock)
            .Set("Bootstrap:OwnerEmail", "o@example.com").Set("Bootstrap:OwnerPassword", "a long enough password").Set("Bootstrap:ApiKey", "mp_test_0123456789abcdef0123456789abcdef"));
        var shop = await OrderShop.OfOwnerAsync(portal);
        await FillAsync(shop, await PlaceAsync(shop, clock), clock.GetUtcNow() - (PruneFeed.Kept * 2), PruneFeed.KeptRows + 200);
        await portal.Get<PruneFeed>().ExecuteAsync(CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = portal.Address };

        var statuses = new List<HttpStatusCode>();
        foreach (var last in (string[])["5", "200"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/orders/events");
            request.Headers.Add("Authorization", "Bearer mp_test_0123456789abcdef0123456789abcdef");
            request.Headers.Add("Last-Event-ID", last);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.OK], statuses);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Answers_to_create_calls_are_kept_for_two_days(DatabaseProvider provider)
    {
        var clock = new FakeTimeProvider();
        await using var shop = await OrderShop.OpenAsync(provider, factory => factory.WithClock(clock));
        await KeepAsync(shop, "old", clock.GetUtcNow() - PruneIdempotencyRecords.Kept - TimeSpan.FromMinutes(1), 2_400);
        await KeepAsync(shop, "young", clock.GetUtcNow(), 3);

        var deleted = await shop.Portal.Get<PruneIdempotencyRecords>().ExecuteAsync(CancellationToken.None);

        Assert.Equal(2_400, deleted);
        Assert.Equal(3, await shop.Portal.ReadAsync(db => db.IdempotencyRecords.CountAsync()));
    }

    private static Task KeepAsync(OrderShop shop, string name, DateTimeOffset at, int count) => shop.Portal.WriteAsync(db =>
        db.IdempotencyRecords.AddRange(Enumerable.Range(0, count).Select(i => new IdempotencyRecord
        {
            StoreId = shop.StoreId,
            Key = $"{name}{i}",
            RequestHash = [],
            StatusCode = 201,
            Body = "{}",
            CreatedAt = at.AddMilliseconds(i),
        })));

    private static async Task<Order> PlaceAsync(OrderShop shop, TimeProvider clock) => await shop.AddAsync(clock.GetUtcNow());

    /// <summary>Rows as a busy order would leave them.</summary>
    private static Task<int> FillAsync(OrderShop shop, Order order, DateTimeOffset at, int count) => shop.Portal.Get<PortalWriter>().WriteAsync(
        async (db, ct) =>
        {
            var store = await db.Stores.SingleAsync(row => row.Id == shop.StoreId, ct);
            var last = store.LastFeedNumber;
            db.Feed.AddRange(Enumerable.Range(1, count).Select(i => new FeedEntry
            {
                StoreId = shop.StoreId,
                Number = last + i,
                OrderId = order.Id,
                OrderNumber = order.Number,
                Kind = TimelineKind.NoteChanged,
                Status = order.Status,
                Flags = order.Flags,
                At = at,
            }));
            db.Timeline.AddRange(Enumerable.Range(1, count).Select(_ => new TimelineEntry
            {
                StoreId = shop.StoreId,
                OrderId = order.Id,
                At = at,
                Kind = TimelineKind.NoteChanged,
                ActorKind = ActorKind.System,
                ActorName = "test",
            }));
            return await db.Database.ExecuteSqlAsync($"""UPDATE "Stores" SET "LastFeedNumber" = {last + count} WHERE "Id" = {shop.StoreId}""", ct);
        },
        CancellationToken.None);
}
