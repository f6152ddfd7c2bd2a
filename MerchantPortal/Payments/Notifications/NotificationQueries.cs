using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Reads of the callbacks' inbox and of the ring of unproven ones, as one list, newest first.</summary>
public sealed class NotificationQueries(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MaxPageSize = 200;

    /// <summary>At most this many newest payments tell the latency.</summary>
    private const int LatencySample = 2_000;

    /// <summary>What tells of a payment: a notice of its refund names the same transaction, and comes when the refund is made.</summary>
    private static readonly string[] OfMoneyReceived = [DecisionReasons.Paid, DecisionReasons.PaidLate, DecisionReasons.DuplicateMoney];

    /// <param name="before">Only rows older than this id; null starts at the newest.</param>
    public async Task<NotificationPage> ListAsync(Guid storeId, NotificationFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        limit = Math.Clamp(limit, 1, MaxPageSize);
        var found = await NotificationWalk.NextAsync(db, storeId, filter, before, limit + 1, cancellationToken);
        // Compared as text: .NET orders ids by other bytes than the databases.
        var rows = found.OrderByDescending(row => row.Id.ToString("N"), StringComparer.Ordinal).ToList();
        var page = rows.Take(limit).ToList();
        return new NotificationPage(await CompleteAsync(db, page, cancellationToken), rows.Count > limit ? page[^1].Id : null);
    }

    /// <returns>How many callbacks the filter finds.</returns>
    public async Task<int> CountAsync(Guid storeId, NotificationFilter filter, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await NotificationWalk.CountAsync(db, storeId, filter, cancellationToken);
    }

    public async Task<NotificationHealth> HealthAsync(Guid storeId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var told = db.Inbox.Where(row => row.StoreId == storeId).ReceivedFrom(from).ReceivedBefore(to);
        var proven = await told
            .GroupBy(row => row.Status).Select(group => new { Status = group.Key, Count = group.Count() + group.Sum(row => row.Repeats) })
            .ToListAsync(cancellationToken);
        var unproven = await db.RejectedCaptures.Where(row => row.StoreId == storeId).ReceivedFrom(from).ReceivedBefore(to).CountAsync(cancellationToken);
        var latencies = await told.Where(row => row.Status == CallbackStatus.Applied && OfMoneyReceived.Contains(row.Reason))
            .OrderByDescending(row => row.Id).Take(LatencySample)
            .Join(db.Payments, row => new { Account = row.ChannelAccountId, Transaction = row.ChannelTransactionId },
                payment => new { Account = payment.ChannelAccountId, Transaction = (string?)payment.ChannelTransactionId },
                (row, payment) => new { row.ReceivedAt, payment.PaidAt })
            .ToListAsync(cancellationToken);
        var all = proven.Sum(group => group.Count);
        return new NotificationHealth(all + unproven, all,
            unproven + proven.Where(group => group.Status == CallbackStatus.Rejected).Sum(group => group.Count),
            proven.Where(group => group.Status == CallbackStatus.Quarantined).Sum(group => group.Count),
            Percentile95([.. latencies.Select(pair => Positive(pair.ReceivedAt - pair.PaidAt)).Order()]));
    }

    /// <returns>How many callbacks wait for a person: genuine ones that contradict us or cannot be read. Forgeries do not count.</returns>
    public async Task<int> CountNeedsPersonAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Inbox.CountAsync(
            row => row.StoreId == storeId && row.Status != CallbackStatus.Applied && (row.Status == CallbackStatus.Quarantined || row.Status == CallbackStatus.Rejected), cancellationToken);
    }

    public async Task<IReadOnlyList<NotificationAccount>> AccountsAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.Where(row => row.StoreId == storeId).OrderBy(row => row.Name)
            .Select(row => new NotificationAccount(row.Id, row.Name, row.Channel)).ToListAsync(cancellationToken);
    }

    /// <returns>Null when the store has no such callback.</returns>
    public async Task<NotificationDetail?> FindAsync(Guid storeId, Guid captureId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        if (await CaptureStore.FindAsync(db, captureId, storeId, cancellationToken) is not { } capture)
        {
            return null;
        }

        var attempts = await db.CaptureAttempts.AsNoTracking().Where(row => row.CaptureId == captureId)
            .OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        var rows = await CompleteAsync(db, [NotificationFilters.RowOf(capture)], cancellationToken);
        return new NotificationDetail(rows[0], capture, [.. attempts.Select(AttemptDetail.Of)], DecodedBody.Of(capture.Body, capture.QueryString));
    }

    /// <summary>Adds what stands in other tables, a few queries for the whole page.</summary>
    private static async Task<List<NotificationRow>> CompleteAsync(PortalDbContext db, List<NotificationRow> rows, CancellationToken cancellationToken)
    {
        var orderIds = rows.Where(row => row.OrderId is not null).Select(row => row.OrderId ?? Guid.Empty).Distinct().ToList();
        var accountIds = rows.Select(row => row.AccountId).Distinct().ToList();
        var ids = rows.Where(row => row.Attempts > 1).Select(row => row.Id).ToList();
        var transactions = rows.Select(row => row.ChannelTransactionId).OfType<string>().Distinct().ToList();
        var orders = await db.Orders.Where(row => orderIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Number, cancellationToken);
        var accounts = await db.ChannelAccounts.Where(row => accountIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken);
        var replays = (await db.CaptureAttempts.Where(row => ids.Contains(row.CaptureId) && row.ReplayReason != null)
            .Select(row => new { row.CaptureId, row.Number, row.ActorName }).ToListAsync(cancellationToken)).ToLookup(row => row.CaptureId);
        var paid = (await db.Payments.Where(row => accountIds.Contains(row.ChannelAccountId) && transactions.Contains(row.ChannelTransactionId))
            .Select(row => new { row.ChannelAccountId, row.ChannelTransactionId, row.PaidAt }).ToListAsync(cancellationToken))
            .ToDictionary(row => (row.ChannelAccountId, row.ChannelTransactionId), row => row.PaidAt);
        return [.. rows.Select(row => row with
        {
            AccountName = accounts.GetValueOrDefault(row.AccountId, ""),
            OrderNumber = row.OrderId is { } orderId ? orders.GetValueOrDefault(orderId) : null,
            ReplayedBy = replays[row.Id].MaxBy(replay => replay.Number)?.ActorName,
            Latency = row is { Status: CallbackStatus.Applied, ChannelTransactionId: { } transaction } && OfMoneyReceived.Contains(row.Reason)
                && paid.TryGetValue((row.AccountId, transaction), out var paidAt) ? Positive(row.ReceivedAt - paidAt) : null,
        })];
    }

    /// <summary>Two clocks are compared; a callback before its payment is one of zero seconds.</summary>
    private static TimeSpan Positive(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;

    private static TimeSpan? Percentile95(TimeSpan[] ascending) =>
        ascending.Length == 0 ? null : ascending[(int)Math.Ceiling(ascending.Length * 0.95) - 1];
}
