using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Writes what happened to an order: one timeline row for people, one feed row for readers, in the commit of the change.</summary>
public static class OrderJournal
{
    /// <param name="data">Text values for the timeline's sentence; never a secret or a payer id.</param>
    public static async Task RecordAsync(
        this PortalDbContext db, Order order, TimelineKind kind, Actor actor, DateTimeOffset now, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? data = null)
    {
        db.Timeline.Add(new TimelineEntry
        {
            StoreId = order.StoreId,
            OrderId = order.Id,
            At = now,
            Kind = kind,
            ActorKind = actor.Kind,
            ActorName = actor.Name,
            DataJson = data is null ? "{}" : JsonSerializer.Serialize(data),
        });
        db.Feed.Add(new FeedEntry
        {
            StoreId = order.StoreId,
            Number = await NextFeedNumberAsync(db, order.StoreId, cancellationToken),
            OrderId = order.Id,
            OrderNumber = order.Number,
            Kind = kind,
            Status = order.Status,
            Flags = order.Flags,
            At = now,
        });
    }

    /// <summary>The store's row lock orders the numbers as the commits; without it a reader could skip a late commit.</summary>
    private static async Task<long> NextFeedNumberAsync(PortalDbContext db, Guid storeId, CancellationToken cancellationToken)
    {
        var numbers = await db.Database.SqlQuery<long>(
            $"""UPDATE "Stores" SET "LastFeedNumber" = "LastFeedNumber" + 1 WHERE "Id" = {storeId} RETURNING "LastFeedNumber" AS "Value" """)
            .ToListAsync(cancellationToken);
        return numbers.Single();
    }
}
