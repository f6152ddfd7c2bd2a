using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Books payments that wait together, in the caller's transaction: each is decided on by itself, as any other message, and the rows
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
    /// <param name="arrivals">Plain payments of one account.</param>
    /// <returns>Those that can be booked together.</returns>
    public static async Task<IReadOnlyList<BookedPayment>> DecideAsync(PortalDbContext db, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var account = arrivals[0].Account.Account;
        var fresh = await FreshAsync(db, account, arrivals, cancellationToken);
        var known = await ReadAsync(db, account, fresh, cancellationToken);
        var paid = new List<BookedPayment>(fresh.Count);
        foreach (var arrival in fresh)
        {
            // What is taken is gone: a second message about the same order waits for the first one's commit.
            if (known.Remove(arrival.Message.OutTradeNo ?? "", out var rows) && rows.Order.Flags == OrderFlags.None
                && PaymentStateMachine.Decide(rows.Snapshot(account), arrival.Message) is { Effect: PaymentEffect.Pay { Late: false } } decision)
            {
                paid.Add(BookedPayment.Of(arrival, rows, decision));
            }
        }

        return paid;
    }

    /// <param name="paid">Of one account; not to be written twice.</param>
    /// <exception cref="DbUpdateException">Somebody else was first: decide again, in a new transaction.</exception>
    public static async Task WriteAsync(PortalDbContext db, IReadOnlyList<BookedPayment> paid, CancellationToken cancellationToken)
    {
        if (paid.Count == 0)
        {
            return;
        }

        var storeId = paid[0].Payment.StoreId;
        var number = await OrderJournal.TakeFeedNumbersAsync(db, storeId, paid.Count, cancellationToken);
        await db.UpdateAsync([.. paid.Select(booked => booked.Rows.Attempt)], AttemptChanges, cancellationToken);
        await db.UpdateAsync([.. paid.Select(booked => booked.Rows.Order)], OrderChanges, cancellationToken);
        await db.InsertAsync([.. paid.Select(booked => booked.Payment)], cancellationToken);
        await db.InsertAsync(await db.ChainAsync(storeId, [.. paid.Select(booked => Posting.Of(booked.Payment))], cancellationToken), cancellationToken);
        await db.InsertAsync([.. paid.Select(booked => booked.Timeline)], cancellationToken);
        await db.InsertAsync([.. paid.Select(booked => booked.Feed(number++))], cancellationToken);
        await db.InsertAsync([.. paid.Select(booked => booked.Entry)], cancellationToken);
        await db.InsertAsync([.. paid.Select(booked => booked.Attempt)], cancellationToken);
    }

    /// <returns>Those whose transaction is not on record, one of each: a repeat costs its neighbours nothing.</returns>
    private static async Task<IReadOnlyList<Arrival>> FreshAsync(
        PortalDbContext db, ChannelAccount account, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var transactions = arrivals.Select(arrival => arrival.Message.ChannelTransactionId ?? "").ToArray();
        var booked = db is SqlitePortalDbContext
            ? await db.ReadPlainAsync(
                $"""
                SELECT "ChannelTransactionId" FROM "Payments"
                WHERE "ChannelAccountId" = {account.Id} AND "ChannelTransactionId" IN (SELECT "value" FROM json_each({JsonSerializer.Serialize(transactions)}))
                """,
                row => row.GetString(0),
                cancellationToken)
            : await db.Payments.Where(row => row.ChannelAccountId == account.Id && transactions.Contains(row.ChannelTransactionId))
                .Select(row => row.ChannelTransactionId).ToListAsync(cancellationToken);
        return [.. arrivals.DistinctBy(arrival => arrival.Message.ChannelTransactionId).Where(arrival => !booked.Contains(arrival.Message.ChannelTransactionId ?? ""))];
    }

    /// <returns>By out_trade_no.</returns>
    private static async Task<Dictionary<string, PaymentRows>> ReadAsync(
        PortalDbContext db, ChannelAccount account, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var numbers = arrivals.Select(arrival => arrival.Message.OutTradeNo ?? "").ToArray();
        // For a list EF would write, and SQLite compile, another statement for each length: that costs more than to find the rows.
        var attempts = db is SqlitePortalDbContext
            ? db.Attempts.FromSql($"""SELECT * FROM "Attempts" WHERE "OutTradeNo" IN (SELECT "value" FROM json_each({JsonSerializer.Serialize(numbers)}))""")
            : db.Attempts.Where(row => numbers.Contains(row.OutTradeNo));
        var found = await attempts.AsNoTracking().Where(row => row.ChannelAccountId == account.Id)
            .Join(db.Orders.AsNoTracking(), attempt => attempt.OrderId, order => order.Id, (attempt, order) => new { attempt, order })
            .ToListAsync(cancellationToken);
        return found.DistinctBy(row => row.order.Id)
            .ToDictionary(row => row.attempt.OutTradeNo, row => new PaymentRows(row.order, row.attempt, SameTransaction: null, Refund: null, Returning: null), StringComparer.Ordinal);
    }
}
