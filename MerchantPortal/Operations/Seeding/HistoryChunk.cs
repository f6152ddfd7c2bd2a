using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Ledger;

namespace MerchantPortal.Operations.Seeding;

/// <summary>The rows of some orders, all or none of which are written.</summary>
internal sealed class HistoryChunk(Guid storeId, SeededRandom random)
{
    private readonly List<(TimelineEntry Entry, string OrderNumber, OrderStatus Status, OrderFlags Flags)> _events = [];

    public List<Order> Orders { get; } = [];

    public List<PaymentAttempt> Attempts { get; } = [];

    public List<Payment> Payments { get; } = [];

    public List<Refund> Refunds { get; } = [];

    public List<Posting> Postings { get; } = [];

    /// <summary>Notes what happened to an order, as it stands at that moment.</summary>
    public void Record(Order order, TimelineKind kind, Actor actor, DateTimeOffset at, Dictionary<string, string>? data = null) => _events.Add((
        new TimelineEntry
        {
            Id = random.Id(at),
            StoreId = storeId,
            OrderId = order.Id,
            At = at,
            Kind = kind,
            ActorKind = actor.Kind,
            ActorName = actor.Name,
            DataJson = data is null ? "{}" : JsonSerializer.Serialize(data),
        },
        order.Number,
        order.Status,
        order.Flags));

    /// <summary>Writes everything inside the caller's transaction, the feed numbered in the order of events.</summary>
    public async Task<int> WriteAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var books = new LedgerPages(Postings);
        await books.Lock(new StatementBatch(db)).RunAsync(cancellationToken);
        var first = await OrderJournal.TakeFeedNumbersAsync(db, storeId, _events.Count, cancellationToken);
        var write = new StatementBatch(db);
        write.Insert(Orders).Insert([.. Orders.SelectMany(order => order.Lines)]).Insert(Attempts).Insert(Payments).Insert(Refunds);
        write.Insert([.. _events.Select(happened => happened.Entry)]).Insert(books.Write(write)).Insert([.. Feed(first)]);
        await write.RunAsync(cancellationToken);
        return Orders.Count;
    }

    private IEnumerable<FeedEntry> Feed(long first) => _events.OrderBy(happened => happened.Entry.At).Select((happened, index) => new FeedEntry
    {
        StoreId = storeId,
        Number = first + index,
        OrderId = happened.Entry.OrderId,
        OrderNumber = happened.OrderNumber,
        Kind = happened.Entry.Kind,
        Status = happened.Status,
        Flags = happened.Flags,
        At = happened.Entry.At,
    });
}
