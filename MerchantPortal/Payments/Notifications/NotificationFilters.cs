using System.Linq.Expressions;
using MerchantPortal.Data;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A filter as conditions of the two tables that hold callbacks.</summary>
internal static class NotificationFilters
{
    /// <summary>Reasons that only a deferred callback has; quarantined with one of them, the portal has given up.</summary>
    private static readonly string[] DeadReasons = [DecisionReasons.UnknownOrder, DecisionReasons.RefundBeforePayment, DecisionReasons.HandlerError];

    public static Expression<Func<InboxEntry, NotificationRow>> ProvenRow => row =>
        new NotificationRow(row.Id, true, row.ReceivedAt, row.Channel, row.ChannelAccountId, row.Status, row.Reason, row.Attempts, row.Repeats)
        {
            OutTradeNo = row.OutTradeNo,
            ChannelTransactionId = row.ChannelTransactionId,
            OrderId = row.OrderId,
        };

    public static Expression<Func<RejectedCapture, NotificationRow>> UnprovenRow => row =>
        new NotificationRow(row.Id, false, row.ReceivedAt, row.Channel, row.ChannelAccountId, row.Status, row.Reason, row.Attempts, 0);

    public static NotificationRow RowOf(Capture capture) =>
        capture is InboxEntry entry ? ProvenRow.Compile()(entry) : UnprovenRow.Compile()((RejectedCapture)capture);

    /// <summary>The filter, once for each status that it allows; empty when it allows none.</summary>
    public static IEnumerable<NotificationFilter> Ways(NotificationFilter filter) =>
        StatusesOf(filter.Tab) is not { } allowed ? [filter]
        : filter.Status is { } only ? (allowed.Contains(only) ? [filter] : [])
        : allowed.Select(status => filter with { Status = status });

    /// <summary>Everything but text and time.</summary>
    public static IQueryable<T> Narrowed<T>(PortalDbContext db, IQueryable<T> rows, NotificationFilter filter)
        where T : Capture
    {
        rows = filter.Status is { } status ? rows.Where(row => row.Status == status) : rows;
        // The condition that the index by status was made with.
        rows = filter.Status is null or CallbackStatus.Applied ? rows : rows.Where(row => row.Status != CallbackStatus.Applied);
        rows = filter.Channel is { } channel ? rows.Where(row => row.Channel == channel) : rows;
        rows = filter.AccountId is { } account ? rows.Where(row => row.ChannelAccountId == account) : rows;
        rows = filter.Reason is { } reason ? rows.Where(row => row.Reason == reason) : rows;
        return filter.Tab switch
        {
            NotificationTab.DeadLetters => rows.Where(row => DeadReasons.Contains(row.Reason)),
            NotificationTab.UnknownOrder => rows.Where(row => row.Reason == DecisionReasons.UnknownOrder),
            // The first condition is the one that the index of these was made with. Counted, because SQLite would turn "any" round and read all attempts.
            NotificationTab.Replayed => rows.Where(row => row.Attempts > 1
                && db.CaptureAttempts.Count(attempt => attempt.CaptureId == row.Id && attempt.ReplayReason != null) > 0),
            _ => rows,
        };
    }

    /// <returns>Null for a tab that shows any.</returns>
    private static CallbackStatus[]? StatusesOf(NotificationTab tab) => tab switch
    {
        NotificationTab.All or NotificationTab.Replayed => null,
        NotificationTab.Failed => [CallbackStatus.Rejected, CallbackStatus.Quarantined],
        NotificationTab.DeadLetters => [CallbackStatus.Quarantined],
        NotificationTab.Deferred => [CallbackStatus.Deferred],
        NotificationTab.Duplicates => [CallbackStatus.Duplicate],
        // Waits, or was given up.
        NotificationTab.UnknownOrder => [CallbackStatus.Deferred, CallbackStatus.Quarantined],
    };
}
