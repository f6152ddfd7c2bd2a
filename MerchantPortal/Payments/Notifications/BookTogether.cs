using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Books payments that wait together, of any store, in the caller's transaction: each is decided on by itself, as any other message, and the rows
/// of all are read and written by a few statements. Whatever is not the first word of a payment of an open order, or needs a person, is left to
/// <see cref="NotificationProcessor"/>, which takes one message at a time.
/// </summary>
internal static class BookTogether
{
    private static readonly string[] AttemptChanges =
    [
        nameof(PaymentAttempt.Id), nameof(PaymentAttempt.Version), nameof(PaymentAttempt.Status), nameof(PaymentAttempt.PaidAt), nameof(PaymentAttempt.ChannelTransactionId),
        nameof(PaymentAttempt.QueryAt), nameof(PaymentAttempt.CallbackSaid), nameof(PaymentAttempt.CallbackAt),
    ];

    private static readonly string[] OrderChanges = [nameof(Order.Id), nameof(Order.Version), nameof(Order.Status), nameof(Order.PaidAmount), nameof(Order.PaidAt)];

    /// <summary>
    /// Reads and decides, and writes nothing: before the transaction of <see cref="WriteAsync"/> as well as in it, for that refuses rows
    /// which somebody has changed meanwhile, and money that somebody else has booked.
    /// </summary>
    /// <param name="arrivals">Plain payments.</param>
    /// <returns>Those that can be booked together, one payment of each order.</returns>
    public static async Task<IReadOnlyList<BookedPayment>> DecideAsync(PortalDbContext db, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        // A second message about the same order, or the same money, waits for the first one's commit.
        var fresh = arrivals.DistinctBy(OrderOf).DistinctBy(arrival => (arrival.Account.Account.Id, arrival.Message.ChannelTransactionId)).ToList();
        var known = await ReadAsync(db, fresh, cancellationToken);
        var paid = new List<BookedPayment>(fresh.Count);
        foreach (var arrival in fresh)
        {
            if (known.GetValueOrDefault(OrderOf(arrival)) is { Order.Flags: OrderFlags.None } rows
                && PaymentStateMachine.Decide(rows.Snapshot(arrival.Account.Account), arrival.Message) is { Effect: PaymentEffect.Pay { Late: false } } decision)
            {
                paid.Add(BookedPayment.Of(arrival, rows, decision));
            }
        }

        return paid;
    }

    /// <param name="paid">Not to be written twice.</param>
    /// <exception cref="DbUpdateException">Somebody else was first: decide again, in a new transaction.</exception>
    public static async Task WriteAsync(PortalDbContext db, IReadOnlyList<BookedPayment> paid, CancellationToken cancellationToken)
    {
        var (feeds, books) = (new FeedNumbers(paid.Select(booked => booked.Payment.StoreId)), new LedgerPages(paid.Select(booked => Posting.Of(booked.Payment))));
        // The books before the feed, as everyone else does: else PostgreSQL would have to end one of two that wait for each other.
        await feeds.Take(books.Lock(new StatementBatch(db))).RunAsync(cancellationToken);
        var write = new StatementBatch(db);
        await write.Update([.. paid.Select(booked => booked.Rows.Attempt)], AttemptChanges)
            .Update([.. paid.Select(booked => booked.Rows.Order)], OrderChanges)
            .Insert([.. paid.Select(booked => booked.Payment)])
            .Insert(books.Write(write))
            .Insert([.. paid.Select(booked => booked.Timeline)])
            .Insert([.. paid.Select(booked => booked.Feed(feeds.Next(booked.Payment.StoreId)))])
            .Insert([.. paid.Select(booked => booked.Entry)])
            .Insert([.. paid.Select(booked => booked.Attempt)])
            .RunAsync(cancellationToken);
    }

    private static (Guid AccountId, string OutTradeNo) OrderOf(Arrival arrival) => (arrival.Account.Account.Id, arrival.Message.OutTradeNo ?? "");

    /// <returns>The rows of those whose transaction is not on record: a repeat costs its neighbours nothing.</returns>
    private static async Task<Dictionary<(Guid AccountId, string OutTradeNo), PaymentRows>> ReadAsync(
        PortalDbContext db, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        Guid[] accounts = [.. arrivals.Select(arrival => arrival.Account.Account.Id)];
        string[] numbers = [.. arrivals.Select(arrival => arrival.Message.OutTradeNo ?? "")];
        string[] transactions = [.. arrivals.Select(arrival => arrival.Message.ChannelTransactionId ?? "")];
        // For a list EF would write, and SQLite compile, another statement for each length: that costs more than to find the rows.
        var attempts = db is SqlitePortalDbContext
            ? db.Attempts.FromSql(
                $"""
                SELECT a.* FROM json_each({JsonSerializer.Serialize(numbers.Zip(transactions, (number, transaction) => new[] { number, transaction }))}) AS m
                CROSS JOIN "Attempts" AS a
                    ON a."ChannelAccountId" = substr({IdBytes.Of(accounts)}, m."key" * {IdBytes.Length} + 1, {IdBytes.Length}) AND a."OutTradeNo" = json_extract(m."value", '$[0]')
                WHERE NOT EXISTS (SELECT 1 FROM "Payments" AS p
                    WHERE p."ChannelAccountId" = a."ChannelAccountId" AND p."ChannelTransactionId" = json_extract(m."value", '$[1]'))
                """)
            : db.Attempts.FromSql(
                $"""
                SELECT a.* FROM unnest({accounts}, {numbers}, {transactions}) AS m (account, number, transaction)
                JOIN "Attempts" AS a ON a."ChannelAccountId" = m.account AND a."OutTradeNo" = m.number
                WHERE NOT EXISTS (SELECT 1 FROM "Payments" AS p WHERE p."ChannelAccountId" = m.account AND p."ChannelTransactionId" = m.transaction)
                """);
        var found = await attempts.AsNoTracking()
            .Join(db.Orders.AsNoTracking(), attempt => attempt.OrderId, order => order.Id, (attempt, order) => new { attempt, order })
            .ToListAsync(cancellationToken);
        return found.DistinctBy(row => row.order.Id).ToDictionary(
            row => (row.attempt.ChannelAccountId, row.attempt.OutTradeNo),
            row => new PaymentRows(row.order, row.attempt, SameTransaction: null, Refund: null, Returning: null));
    }
}
