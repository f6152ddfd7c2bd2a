using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;

namespace MerchantPortal.Orders;

/// <summary>Writes what happened to an order: one timeline row for people, one feed row for readers, in the commit of the change.</summary>
public static class OrderJournal
{
    /// <param name="data">Text values for the timeline's sentence; never a secret or a payer id.</param>
    public static async Task RecordAsync(
        this PortalDbContext db, Order order, TimelineKind kind, Actor actor, DateTimeOffset now, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? data = null)
    {
        db.Timeline.Add(Timeline(order, kind, actor, now, data));
        db.Feed.Add(Feed(order, await TakeFeedNumbersAsync(db, order.StoreId, 1, cancellationToken), kind, now));
    }

    /// <summary>Takes the next numbers of the store's feed. Its row lock orders them as the commits; without it a reader could skip a late commit.</summary>
    /// <returns>The first of them.</returns>
    internal static async Task<long> TakeFeedNumbersAsync(PortalDbContext db, Guid storeId, int count, CancellationToken cancellationToken)
    {
        long? taken = null;
        await TakeFeedNumbers(new StatementBatch(db), storeId, count, first => taken = first).RunAsync(cancellationToken);
        return taken ?? throw new InvalidOperationException("There is no such store.");
    }

    /// <inheritdoc cref="TakeFeedNumbersAsync"/>
    internal static StatementBatch TakeFeedNumbers(StatementBatch batch, Guid storeId, int count, Action<long> first) => batch.Add(
        $"""UPDATE "Stores" SET "LastFeedNumber" = "LastFeedNumber" + {count} WHERE "Id" = {storeId} RETURNING "LastFeedNumber" """,
        row => first(row.GetInt64(0) - count + 1));

    internal static TimelineEntry Timeline(
        Order order, TimelineKind kind, Actor actor, DateTimeOffset now, IReadOnlyDictionary<string, string>? data) => new()
        {
            StoreId = order.StoreId,
            OrderId = order.Id,
            At = now,
            Kind = kind,
            ActorKind = actor.Kind,
            ActorName = actor.Name,
            DataJson = data is null ? "{}" : JsonSerializer.Serialize(data),
        };

    internal static FeedEntry Feed(Order order, long number, TimelineKind kind, DateTimeOffset now) => new()
    {
        StoreId = order.StoreId,
        Number = number,
        OrderId = order.Id,
        OrderNumber = order.Number,
        Kind = kind,
        Status = order.Status,
        Flags = order.Flags,
        At = now,
    };
}
